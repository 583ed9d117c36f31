import Foundation
import ProvisionCore
import ProvisionEngine
import Templates
import Testing

/// Only what lies in the sandbox's own directories: its kernel and its processes are this machine's.
@Suite struct TeardownEngineTests {
    private static let id = "11111111-0000-4000-8000-000000000001"

    private func subject() throws -> TeardownPlan.Subject {
        TeardownPlan.Subject(
            spec: try twoHosts(),
            lane: Plan.Lane(host: host("one"), stages: []),
            clusterID: Self.id,
            keepsData: false
        )
    }

    private func engine(_ sandbox: SandboxHost, _ recorder: Recorder = Recorder()) -> TeardownEngine {
        TeardownEngine(
            concurrency: ConcurrencySpec(hosts: 8, perJumpHost: 4, uploads: 2),
            connect: { _ throws(TransportError) in sandbox },
            report: recorder.record
        )
    }

    private func takeDown(_ sandbox: SandboxHost) async throws -> TeardownOutcome {
        let engine = engine(sandbox)
        return try #require(await engine.run(await engine.survey([try subject()])).first)
    }

    /// What `apply` leaves: its receipt, two files of ours and one of theirs that was replaced.
    private func applied() async throws -> SandboxHost {
        let sandbox = try SandboxHost()
        try "theirs\n".write(toFile: sandbox.path("/srv/a"), atomically: true, encoding: .utf8)
        let marker = MarkerResource(clusterID: Self.id, clusterName: "test", host: "one")
        let stage = Stage(
            "files",
            resources: [marker, file("/srv/a", "ours\n"), file("/srv/deep/er/b", "ours\n"), file("/srv/c", "ours\n")]
        )
        let outcome = await run(
            Plan(cluster: "test", lanes: [Plan.Lane(host: host("one"), stages: [stage])]),
            on: ["one": sandbox]
        )
        #expect(outcome.map(\.ending) == [.asWanted])
        return sandbox
    }

    @Test func `what was created goes, what was replaced comes back, what is theirs stays`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        try "theirs\n".write(toFile: sandbox.path("/srv/deep/theirs"), atomically: true, encoding: .utf8)
        let outcome = try await takeDown(sandbox)
        #expect(outcome.isClean, "\(outcome.ending)")
        #expect(try sandbox.content("/srv/a") == "theirs\n")
        #expect(try sandbox.content("/srv/deep/theirs") == "theirs\n")
        for path in ["/srv/c", "/srv/deep/er", "/var/lib/provision", "/run/provision", "/etc/provision/cluster"] {
            #expect(!FileManager.default.fileExists(atPath: sandbox.path(path)), "\(path)")
        }
        let second = try await takeDown(sandbox)
        #expect(second.isClean && second.done.isEmpty)
    }

    @Test func `after a lost receipt originals are not written over, nor taken for files of ours`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        try FileManager.default.removeItem(atPath: sandbox.path("/var/lib/provision/receipt.jsonl"))
        let again = Stage("files", resources: [file("/srv/a", "ours 2\n"), file("/srv/c", "ours 2\n")])
        let plan = Plan(cluster: "test", lanes: [Plan.Lane(host: host("one"), stages: [again])])
        #expect(await run(plan, on: ["one": sandbox]).map(\.ending) == [.asWanted])
        #expect(try sandbox.content("/var/lib/provision/replaced/+srv+a") == "theirs\n")
        guard case .left(let items) = try await takeDown(sandbox).ending else {
            Issue.record("a copy of our own file may be another's")
            return
        }
        #expect(items.filter { $0.kind == .content }.map(\.subject) == ["/var/lib/provision/replaced/+srv+c"])
        #expect(try sandbox.content("/srv/a") == "theirs\n")
        #expect(try sandbox.content("/var/lib/provision/replaced/+srv+c") == "ours\n")
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("/srv/c")), "what we wrote last is ours")
    }

    @Test func `what a teardown does on a host is told from its beginning to its end`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        let recorder = Recorder()
        let engine = engine(sandbox, recorder)
        _ = await engine.run(await engine.survey([try subject()]))
        let kinds = recorder.events.filter { $0.stage == "teardown" }.map(\.kind)
        #expect(kinds.first == .stageStarted && kinds.last == .stageDone)
        #expect(kinds.count { $0 == .stageStarted } == kinds.count { $0 == .stageDone })
        #expect(kinds.contains(.actionDone))
    }

    @Test func `a directory behind a symbolic link is not followed`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        try FileManager.default.moveItem(atPath: sandbox.path("/srv/deep"), toPath: sandbox.path("/srv/elsewhere"))
        try FileManager.default.createSymbolicLink(
            atPath: sandbox.path("/srv/deep"),
            withDestinationPath: "/srv/elsewhere"
        )
        let outcome = try await takeDown(sandbox)
        guard case .left(let items) = outcome.ending else {
            Issue.record("ended \(outcome.ending)")
            return
        }
        #expect(items.contains { $0.reason.contains("symbolic link") }, "\(items)")
        #expect(try sandbox.content("/srv/elsewhere/er/b") == "ours\n")
        #expect(try sandbox.content("/var/lib/provision/receipt.jsonl").contains("/srv/deep/er/b"))
    }

    @Test func `a mark that changes between the look and the work stops the work`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        let engine = engine(sandbox)
        let surveyed = await engine.survey([try subject()])
        try "other-id other one\n".write(
            toFile: sandbox.path("/etc/provision/cluster"),
            atomically: true,
            encoding: .utf8
        )
        let outcome = try #require(await engine.run(surveyed).first)
        guard case .refused(let why, _) = outcome.ending else {
            Issue.record("ended \(outcome.ending)")
            return
        }
        #expect(why.contains("other-id"))
        #expect(try sandbox.content("/srv/c") == "ours\n")
        #expect(TeardownOutcome.exitStatus([outcome]) == .refused)
    }
}
