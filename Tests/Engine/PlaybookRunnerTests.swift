import Foundation
import ProvisionEngine
import Synchronization
import Testing

@testable import ProvisionCore

@Suite struct PlaybookRunnerTests {
    private func runner(
        _ hosts: [String: any Transport],
        interrupted: @escaping @Sendable () -> Bool = { false },
        received: @escaping @Sendable (String, [SupportCollection.Item]) -> Void = { _, _ in }
    ) -> PlaybookRunner {
        let connect: Executor.Connect = { host throws(TransportError) in
            guard let transport = hosts[host.name] else {
                throw TransportError(
                    code: .refused,
                    host: host.name,
                    attempted: "connect",
                    reason: "refused",
                    remedy: "-"
                )
            }
            return transport
        }
        let executor = Executor(
            concurrency: ConcurrencySpec(hosts: 8, perJumpHost: 4, uploads: 2),
            connect: connect,
            isInterrupted: interrupted,
            report: { _ in }
        )
        return PlaybookRunner(
            executor: executor,
            connect: connect,
            isInterrupted: interrupted,
            report: { _ in },
            cluster: "test",
            hooks: PlaybookRunner.Hooks(
                relock: { _ in nil },
                receive: { host, items in
                    received(host, items)
                    return nil
                }
            )
        )
    }

    private func segment(
        _ kind: PlaybookTurn.Segment.Kind,
        _ name: String,
        _ resources: [any Resource]
    ) -> PlaybookTurn.Segment {
        PlaybookTurn.Segment(
            kind: kind,
            lane: Plan.Lane(host: host(name), stages: [Stage("step", resources: resources)])
        )
    }

    private func turn(_ name: String, _ segments: [PlaybookTurn.Segment]) -> PlaybookTurn {
        PlaybookTurn(host: host(name), segments: segments)
    }

    private func observed(_ runner: PlaybookRunner, _ waves: [[PlaybookTurn]]) async -> [[ObservedTurn]] {
        var all: [[ObservedTurn]] = []
        for wave in waves { all.append(await runner.observe(wave)) }
        return all
    }

    @Test func `the first failure ends the run before the next wave`() async throws {
        let sandboxes = try ["a", "b", "c"].map { ($0, try SandboxHost()) }
        defer { sandboxes.forEach { $0.1.remove() } }
        let runner = runner(Dictionary(uniqueKeysWithValues: sandboxes))
        let turns = ["a", "b", "c"].map { name in
            turn(
                name,
                [
                    segment(
                        .here,
                        name,
                        [logged("one"), logged("two", script: name == "b" ? "echo broken; false" : "true")]
                    )
                ]
            )
        }
        let ended = await runner.run(await observed(runner, turns.map { [$0] }))
        #expect(ended.outcomes.map(\.host) == ["a", "b", "c"])
        #expect(ended.outcomes[0].ending == .asWanted)
        guard case .failed(let failure) = ended.outcomes[1].ending else {
            Issue.record("\(ended.outcomes[1].ending)")
            return
        }
        #expect(failure.output.contains("broken") && ended.outcomes[1].done.map(\.title) == ["one"])
        #expect(
            ended.outcomes[2].ending
                == .notRun(stage: "its turn", reason: "b did not succeed, so no further host is touched")
        )
        #expect(ended.lanes.count == 3)
    }

    @Test func `a second run goes on where the first stopped, and a third has nothing to do`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let runner = runner(["a": sandbox])
        let script = "[ -e /srv/mended ]"
        let waves = [[turn("a", [segment(.here, "a", [logged("one"), logged("two", script: script)])])]]
        #expect(await runner.run(await observed(runner, waves)).outcomes[0].done.count == 1)
        try "".write(toFile: sandbox.path("/srv/mended"), atomically: true, encoding: .utf8)
        let second = await runner.run(await observed(runner, waves))
        #expect(second.outcomes[0].ending == .asWanted && second.outcomes[0].done.map(\.title) == ["two"])
        let third = await observed(runner, waves)
        #expect(third[0][0].isSame)
        #expect(try sandbox.content("/srv/log") == "one\ntwo\n")
    }

    /// The controller cannot be reached: only a drain that is needed asks it.
    @Test func `a node is drained only where something under it changes`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let runner = runner(["a": sandbox])
        let drain = segment(.drain, "controller", [logged("drained")])
        let guarded = turn(
            "a",
            [segment(.here, "a", [logged("before")]), drain, segment(.here, "a", [logged("under")])]
        )
        let first = await runner.run(await observed(runner, [[guarded]]))
        guard case .unreachable(let error) = first.outcomes[0].ending else {
            Issue.record("\(first.outcomes[0].ending)")
            return
        }
        #expect(error.host == "controller" && first.cordoned.isEmpty)
        #expect(try sandbox.content("/srv/log") == "before\n")
        try "before\nunder\n".write(toFile: sandbox.path("/srv/log"), atomically: true, encoding: .utf8)
        let again = await observed(runner, [[guarded]])
        #expect(again[0][0].view.verdicts.contains(.same("nothing that needs an empty node is to be done")))
        #expect(await runner.run(again).outcomes[0].ending == .asWanted)
    }

    private struct Refusing: Resource {
        let id = "refusing"
        let title = "refusing"
        let reason = "a test"
        let digest = ""
        let probe = Probe.script("true")

        func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict { .refused("no", remedy: "none") }
    }

    @Test func `what is refused under a drain is refused before it`() async throws {
        let sandboxes = try ["a", "controller"].map { ($0, try SandboxHost()) }
        defer { sandboxes.forEach { $0.1.remove() } }
        let runner = runner(Dictionary(uniqueKeysWithValues: sandboxes))
        let segments = [
            segment(.drain, "controller", [logged("drained")]), segment(.here, "a", [Refusing()]),
            segment(.uncordon, "controller", [logged("uncordoned")]),
        ]
        let ended = await runner.run(await observed(runner, [[turn("a", segments)]]))
        #expect(ended.outcomes[0].ending == .refused("no", remedy: "none"))
        #expect(ended.cordoned.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: sandboxes[1].1.path("/srv/log")))
    }

    /// No host knows such a package, and one without apt knows none.
    @Test func `what apt refuses is refused before the drain, whatever else there is to do`() async throws {
        let sandboxes = try ["a", "controller"].map { ($0, try SandboxHost()) }
        defer { sandboxes.forEach { $0.1.remove() } }
        let runner = runner(Dictionary(uniqueKeysWithValues: sandboxes))
        let settings = sandboxes[0].1.path("/etc/apt")
        try FileManager.default.createDirectory(atPath: settings, withIntermediateDirectories: true)
        // The cache lies outside of the sandbox.
        let text = #"Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";"#
        try text.write(toFile: settings + "/apt.conf", atomically: true, encoding: .utf8)
        let packages = PlaybookPackages.installed(["provision-none"], removes: [], pinned: [], reason: "a test")
        let segments = [
            segment(.drain, "controller", [logged("drained")]), segment(.here, "a", [logged("before")]),
            segment(.here, "a", [packages]), segment(.uncordon, "controller", [logged("uncordoned")]),
        ]
        let ended = await runner.run(await observed(runner, [[turn("a", segments)]]))
        guard case .refused = ended.outcomes[0].ending else {
            Issue.record("\(ended.outcomes[0].ending)")
            return
        }
        #expect(ended.cordoned.isEmpty)
        for (_, sandbox) in sandboxes { #expect(!FileManager.default.fileExists(atPath: sandbox.path("/srv/log"))) }
    }

    /// The node is cordoned while this file lies on the controller.
    private var uncordon: CommandResource {
        CommandResource(
            id: "uncordon",
            title: "uncordon",
            reason: "a test",
            check: "[ ! -e /srv/cordon ] || exit \(NodeDrain.ownCordon)",
            action: Action(kind: .update, title: "uncordon", script: "rm /srv/cordon")
        )
    }

    /// A host that answers so many times, and then no more.
    private final class Fading: Transport {
        private let host: SandboxHost
        private let answers: Mutex<Int>

        init(_ host: SandboxHost, after answers: Int) {
            self.host = host
            self.answers = Mutex(answers)
        }

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            let isOver = answers.withLock { left in
                left -= 1
                return left < 0
            }
            guard !isOver else {
                throw TransportError(code: .connectionLost, host: "a", attempted: "run", reason: "gone", remedy: "-")
            }
            return try await host.run(command)
        }

        func close() async {}
    }

    @Test(arguments: [0, 1, 2, 100], [true, false])
    func `what ends before the drain tells of a cordon from before`(_ answers: Int, _ isCordoned: Bool) async throws {
        let sandboxes = try ["a", "controller"].map { ($0, try SandboxHost()) }
        defer { sandboxes.forEach { $0.1.remove() } }
        if isCordoned { try "".write(toFile: sandboxes[1].1.path("/srv/cordon"), atomically: true, encoding: .utf8) }
        let runner = runner(["a": Fading(sandboxes[0].1, after: answers), "controller": sandboxes[1].1])
        let segments = [
            segment(.drain, "controller", [logged("drained")]), segment(.here, "a", [Refusing()]),
            segment(.uncordon, "controller", [uncordon]),
        ]
        let other = turn("b", [segment(.here, "b", [logged("one")]), segment(.uncordon, "controller", [uncordon])])
        let ended = await runner.run(await observed(runner, [[turn("a", segments)], [other]]))
        switch ended.outcomes[0].ending {
        case .refused: #expect(answers == 100)
        case .unreachable: #expect(answers < 100)
        case let ending: Issue.record("\(ending)")
        }
        #expect(ended.cordoned == (isCordoned ? ["a", "b"] : []))
        #expect(!FileManager.default.fileExists(atPath: sandboxes[1].1.path("/srv/log")))
    }

    @Test func `a node that is not given back is told`() async throws {
        let sandboxes = try ["a", "controller"].map { ($0, try SandboxHost()) }
        defer { sandboxes.forEach { $0.1.remove() } }
        let runner = runner(Dictionary(uniqueKeysWithValues: sandboxes))
        let waves = [
            [
                turn(
                    "a",
                    [
                        segment(.drain, "controller", [logged("drained")]),
                        segment(.here, "a", [logged("under", script: "false")]),
                        segment(.uncordon, "controller", [logged("uncordoned")]),
                    ]
                )
            ]
        ]
        let ended = await runner.run(await observed(runner, waves))
        #expect(ended.cordoned == ["a"])
        #expect(try sandboxes[1].1.content("/srv/log") == "drained\n")
    }

    @Test func `an interrupt ends the turn before its next segment`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let isInterrupted = Mutex(false)
        let runner = runner(["a": sandbox], interrupted: { isInterrupted.withLock(\.self) })
        let waves = await observed(runner, [[turn("a", [segment(.here, "a", [logged("one")])])]])
        isInterrupted.withLock { $0 = true }
        let ended = await runner.run(waves)
        #expect(ended.outcomes[0].ending == .interrupted(stage: "step"))
        #expect(ended.outcomes[0].done.isEmpty)
    }

    @Test func `what is collected is handed over`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        try "hello\n".write(toFile: sandbox.path("/srv/a.conf"), atomically: true, encoding: .utf8)
        let names = Mutex<[String]>([])
        let runner = runner(["a": sandbox], received: { _, items in names.withLock { $0 = items.map(\.name) } })
        let playbook = try Playbook.decode(
            Array(
                "apiVersion: provision/v1\nname: c\ndescription: c\nhosts: all\nsteps:\n- collect:\n    files: [/srv/*.conf]\n"
                    .utf8
            ),
            path: "c.yaml",
            directory: "/"
        )
        guard case .collect(let collection) = playbook.steps[0].kind else { return }
        let collect = PlaybookTurn.Segment(kind: .collect(collection), lane: Plan.Lane(host: host("a"), stages: []))
        let ended = await runner.run(await observed(runner, [[turn("a", [collect])]]))
        #expect(ended.outcomes[0].ending == .asWanted)
        #expect(names.withLock(\.self) == ["files/srv/a.conf"])
    }
}
