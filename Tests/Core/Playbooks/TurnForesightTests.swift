import ProvisionCore
import Testing

@Suite struct TurnForesightTests {
    private static let refusal = TurnForesight.refusal("apt would remove mail", remedy: "-")
    private static let install = "package: { install: [chrony] }"

    /// Steps as a worker has them, each with the status that its check ends with.
    private func foresight(_ steps: [(String, Int)]) async throws -> TurnForesight {
        let text = steps.map { "- \($0.0)" }.joined(separator: "\n")
        let turn = try await PlaybookFixtures.turn(hosts: "workers", steps: text)
        let resources = turn.lane.resources.filter { !($0 is MarkerResource) }
        try #require(resources.count == steps.count)
        let verdicts = zip(resources, steps).map { resource, step in
            let text = resource is FileResource ? "absent" : "apt would remove mail"
            return resource.verdict(for: ProbeAnswer(status: step.1, text: text), changed: [])
        }
        switch TurnForesight(resources, verdicts) {
        case .refusal(let why, _): return .refusal(why, remedy: "-")
        case let other: return other
        }
    }

    private static func file(_ path: String) -> String { "file: { path: \(path), content: a }" }

    @Test(arguments: [
        file("/etc/x"), "unit: { name: chrony.service, enabled: true }",
        "waitFor: { title: w, command: w, timeout: 5s }",
    ])
    func `apt's refusal counts behind work that cannot change it`(_ before: String) async throws {
        #expect(try await foresight([(before, 1), (Self.install, 8)]) == Self.refusal)
        #expect(try await foresight([(before, 1), (Self.install, 9)]) == Self.refusal)
        #expect(try await foresight([(before, 1), (Self.install, 1)]) == .work)
    }

    @Test(arguments: [
        file("/etc/apt/sources.list.d/x.list"), "command: { title: c, check: c, run: c }",
        "package: { install: [mail] }",
    ])
    func `it does not count behind what may change apt's answer`(_ before: String) async throws {
        #expect(try await foresight([(before, 1), (Self.install, 8)]) == .work)
    }

    @Test func `what is as wanted changes nothing`() async throws {
        let command = "command: { title: c, check: c, run: c }"
        #expect(try await foresight([(command, 0), (Self.file("/etc/x"), 1), (Self.install, 8)]) == Self.refusal)
        #expect(try await foresight([(command, 0), (Self.install, 0)]) == .nothing)
    }
}
