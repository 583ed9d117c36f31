import Foundation
import ProvisionCore
import Testing

/// How far a lane asks ahead, counted on a real shell.
@Suite struct LaneWalkTests {
    /// A file that is there or not; each question leaves a line in `/srv/asked`.
    private func counted(_ name: String, script: String? = nil) -> CommandResource {
        CommandResource(
            id: name,
            title: name,
            reason: "a test",
            check: "echo \(name) >> /srv/asked; test -e /srv/\(name)",
            action: Action(kind: .run, title: name, script: script ?? "touch /srv/\(name)")
        )
    }

    private func outcome(_ resources: [CommandResource], _ sandbox: SandboxHost) async -> LaneOutcome? {
        let stages = resources.map { Stage($0.id, resources: [$0]) }
        let plan = Plan(cluster: "test", lanes: [Plan.Lane(host: host("one"), stages: stages)])
        return await run(plan, on: ["one": sandbox]).first
    }

    private func questions(_ sandbox: SandboxHost) throws -> [String: Int] {
        let lines = try sandbox.content("/srv/asked").split(separator: "\n").map(String.init)
        return Dictionary(lines.map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test func `a first run asks about each thing before it, in its turn and after it`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let outcome = await outcome(["a", "b", "c", "d", "e"].map { counted($0) }, sandbox)
        #expect(outcome?.ending == .asWanted)
        #expect(outcome?.done.map(\.title) == ["a", "b", "c", "d", "e"])
        #expect(try questions(sandbox) == ["a": 2, "b": 3, "c": 3, "d": 3, "e": 3])
    }

    @Test func `one change is followed by one look at all that lies behind it`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        for name in ["a", "c", "d"] {
            try "".write(toFile: sandbox.path("/srv/\(name)"), atomically: true, encoding: .utf8)
        }
        let outcome = await outcome(["a", "b", "c", "d"].map { counted($0) }, sandbox)
        #expect(outcome?.done.map(\.title) == ["b"])
        #expect(try questions(sandbox) == ["a": 1, "b": 2, "c": 2, "d": 2])
    }

    @Test func `what an earlier change has mended is left alone, and what it has undone behind that is found`()
        async throws
    {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        try "".write(toFile: sandbox.path("/srv/c"), atomically: true, encoding: .utf8)
        let first = counted("a", script: "touch /srv/a /srv/b; rm /srv/c")
        let outcome = await outcome([first, counted("b"), counted("c")], sandbox)
        #expect(outcome?.ending == .asWanted)
        #expect(outcome?.done.map(\.title) == ["a", "c"])
    }
}
