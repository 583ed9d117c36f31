import ProvisionCore
import Templates

/// The benchmark's findings for programs: a versioned contract.
struct BenchmarkDocument: Encodable {
    let schema = Version.schema
    let numbering: String
    let kubernetes: String
    /// What kube-bench calls the benchmark of this release.
    let kubeBenchProfile: String
    let checks: [BenchmarkFinding]

    init(_ findings: [BenchmarkFinding], kubernetes: KubernetesVersion) {
        numbering = Benchmark.numbering
        self.kubernetes = kubernetes.description
        kubeBenchProfile = BenchmarkProfile.name(for: kubernetes)
        checks = findings
    }
}
