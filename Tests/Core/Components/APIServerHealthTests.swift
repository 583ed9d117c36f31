import ProvisionCore
import Testing

/// Whether an API server is ready, as its host's shell asks it.
@Suite struct APIServerHealthTests {
    private func health() async throws -> CommandResource {
        let plan = try await SampleMaterials.shared.plan("lab-debian.yaml")
        let resources = plan.lanes.flatMap(\.resources).compactMap { $0 as? CommandResource }
        return try #require(resources.first { $0.id == "health:kube-apiserver" })
    }

    /// What curl prints: the body, a line's end, the status.
    private static let failing = """
        curl() { printf '[+]ping ok\\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\\n[+]log ok\\nreadyz check failed\\n\\n500'; }
        """
    private static let words = "[-]poststarthook/rbac/bootstrap-roles failed: reason withheld"

    @Test(arguments: [
        ("curl() { printf 'ok\\n200'; }", 0, ""), (failing, 1, words),
        (#"curl() { printf '{"code": 401}\n401'; }"#, 1, "/readyz answers {\"code\": 401}\n401"),
        ("curl() { echo 'curl: (7) refused' >&2; printf '\\n000'; return 7; }", 7, "curl: (7) refused"),
    ])
    func `a check that fails is named`(_ curl: String, _ status: Int, _ text: String) async throws {
        let answer = try LocalShell.run(try await health().check, standIns: curl)
        #expect(Int(answer.status) == status && answer.text == text, "\(answer)")
    }

    @Test func `a wait that was in vain ends with the check that fails`() async throws {
        let script = try await health().action.script.replacing("prove 180 ", with: "prove 0 ")
        let answer = try LocalShell.run(script, standIns: "\(Self.failing)\njournal() { echo its journal; }")
        #expect(answer.status == 1 && answer.text == "\(Self.words)\nits journal", "\(answer)")
    }
}
