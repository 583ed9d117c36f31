package import Templates

/// Which of kube-bench's benchmarks a release of Kubernetes is measured by.
package enum BenchmarkProfile {
    /// The youngest that was written for the release; the last one for releases that none was written for yet.
    ///
    /// Source: the ranges in the benchmarks' own titles, as kube-bench's `docs/platforms.md` and its issues 1693, 1859 and
    /// 1964 have them.
    package static func name(for version: KubernetesVersion) -> String {
        switch version.minor {
        case ..<22: "cis-1.20"
        case ..<24: "cis-1.23"
        case 24: "cis-1.24"
        case 25: "cis-1.7"
        case 26: "cis-1.8"
        case 27: "cis-1.9"
        case 28: "cis-1.10"
        case ..<32: "cis-1.11"
        default: "cis-1.12"
        }
    }
}
