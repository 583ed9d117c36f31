import ProvisionCore
import Templates
import Testing

@testable import provision

@Suite struct BenchmarkViewTests {
    private static let findings: [BenchmarkFinding] = [
        BenchmarkFinding(id: "1.1.1", title: "a unit", isAutomated: true, state: .met),
        BenchmarkFinding(
            id: "1.2.15",
            title: "no profiling",
            isAutomated: true,
            state: .unmet,
            reasons: ["a: --profiling is true"]
        ),
        BenchmarkFinding(id: "5.2", title: "Pod Security", isAutomated: false, state: .open, reasons: ["yours"]),
    ]

    private func lines(_ minor: Int, all: Bool = false, quiet: Bool = false) -> [String] {
        var view = BenchmarkView(findings: Self.findings, kubernetes: KubernetesVersion(1, minor, 2))
        view.showsMet = all
        return view.lines(Console(quiet: quiet, noColour: true, environment: [:]))
    }

    @Test func `each check has a line, and its reasons below`() {
        #expect(
            lines(34, all: true) == [
                "√ 1.1.1   a unit", "× 1.2.15  no profiling", "          a: --profiling is true",
                "‼ 5.2     Pod Security", "          yours", "3 checks of cis-1.12: 1 met, 1 unmet, 1 left to you",
            ]
        )
    }

    @Test func `what is met is shown only where all is wanted, and what is open not to the quiet`() {
        let closing = "3 checks of cis-1.12: 1 met, 1 unmet, 1 left to you"
        let unmet = ["× 1.2.15  no profiling", "          a: --profiling is true"]
        #expect(lines(34) == unmet + ["‼ 5.2     Pod Security", "          yours", closing])
        #expect(lines(20, all: true, quiet: true) == unmet + [closing])
    }

    @Test func `where the numbers are another benchmark's it is said`() {
        #expect(lines(20).last == "for Kubernetes 1.20.2 kube-bench has cis-1.20, whose numbers differ in places")
    }

    @Test func `what is open is no failure`() {
        let version = KubernetesVersion(1, 34)
        #expect(BenchmarkView(findings: Self.findings, kubernetes: version).isUnmet)
        #expect(!BenchmarkView(findings: Self.findings.filter { $0.state != .unmet }, kubernetes: version).isUnmet)
    }

    @Test func `programs read the same`() {
        let text = BenchmarkView(findings: Self.findings, kubernetes: KubernetesVersion(1, 34)).json()
        #expect(text.contains("\"numbering\" : \"cis-1.12\"") && text.contains("\"state\" : \"unmet\""))
        #expect(text.contains("\"isAutomated\" : false"))
    }
}
