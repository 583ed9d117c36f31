/// One check of the benchmark, and how what is rendered for a host is held against it.
///
/// Source: CIS Kubernetes Benchmark 1.12 as kube-bench's `cfg/cis-1.12` asks it; titles are ours.
struct BenchmarkCheck: Sendable {
    /// Who judges it, as the benchmark has it.
    enum Kind { case automated, manual }

    /// What one host says.
    enum Answer {
        case met
        /// What stands there, and what should.
        case unmet(String)
        /// What people must judge, and why.
        case open(String)

        var complaint: String? {
            guard case .unmet(let text) = self else { return nil }
            return text
        }

        var question: String? {
            guard case .open(let text) = self else { return nil }
            return text
        }
    }

    enum Subject: Sendable {
        /// What lies on hosts; `nil` where a host has nothing of it.
        case host(@Sendable (RenderedHost) -> Answer?)
        /// What is no host's, and why only people can judge it.
        case people(String)
    }

    /// Why a check may stay unmet.
    struct Excuse: Sendable {
        var reason: String
        /// Only before this minor release of Kubernetes.
        var below = Int.max
    }

    let id: String
    let title: String
    let kind: Kind
    var excuse: Excuse?
    let subject: Subject

    /// In the benchmark's order.
    static let all = [files, apiServer, controlLoops, etcd, users, nodeFiles, node, policies].flatMap { $0 }
}
