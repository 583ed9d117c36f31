import ProvisionCore
import Templates

/// The benchmark's findings: a line per check, and the reasons below what is not met.
struct BenchmarkView {
    let findings: [BenchmarkFinding]
    let kubernetes: KubernetesVersion

    /// Also what is met.
    var showsMet = false

    var isUnmet: Bool { count(.unmet) > 0 }

    /// With `--quiet` what is unmet, and the count.
    func lines(_ console: Console) -> [String] {
        let shown = findings.filter { finding in
            switch finding.state {
            case .met: showsMet && !console.isQuiet
            case .open: !console.isQuiet
            case .unmet: true
            }
        }
        return shown.flatMap { finding in
            ["\(sign(finding.state, console)) \(finding.id.padding(to: 6))  \(finding.title)"]
                + finding.reasons.map { "          \(Sanitised.text($0))" }
        } + [closing] + (console.isQuiet ? [] : otherNumbers)
    }

    private func sign(_ state: BenchmarkFinding.State, _ console: Console) -> String {
        switch state {
        case .met: console.paint("√", .green)
        case .open: console.paint("‼", .yellow)
        case .unmet: console.paint("×", .red)
        }
    }

    private func count(_ state: BenchmarkFinding.State) -> Int { findings.count { $0.state == state } }

    private var closing: String {
        "\(counted(findings.count, "check")) of \(Benchmark.numbering): \(count(.met)) met, \(count(.unmet)) unmet, "
            + "\(count(.open)) left to you"
    }

    /// Benchmarks number the same checks differently.
    private var otherNumbers: [String] {
        let profile = BenchmarkProfile.name(for: kubernetes)
        guard profile != Benchmark.numbering else { return [] }
        return ["for Kubernetes \(kubernetes) kube-bench has \(profile), whose numbers differ in places"]
    }

    /// For programs.
    func json() -> String { JSONOutput.text(BenchmarkDocument(findings, kubernetes: kubernetes)) }
}
