import Foundation
import ProvisionCore
import ProvisionEngine
import Testing

/// How a stage ends that does not come to its end: what is known of the host, and what is said of it.
@Suite struct StageEndTests {
    /// A host that answers the first look, and whose connection ends in one way after it.
    private actor FailingHost: Transport {
        private let sandbox: SandboxHost
        private let code: TransportError.Code
        private var hasAnswered = false

        init(_ sandbox: SandboxHost, _ code: TransportError.Code) {
            self.sandbox = sandbox
            self.code = code
        }

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            guard hasAnswered else {
                hasAnswered = true
                return try await sandbox.run(command)
            }
            throw TransportError(
                code: code,
                host: "one",
                attempted: "read /cache/kubelet",
                reason: "it cannot be opened",
                remedy: "fetch the artifacts again"
            )
        }

        func close() async {}
    }

    private func plan(_ stage: Stage) -> Plan {
        Plan(cluster: "test", lanes: [Plan.Lane(host: host("one"), stages: [stage])])
    }

    @Test(arguments: [
        (TransportError.Code.connectionLost, ProvisionCore.ExitStatus.stateUnknown), (.timeout, .stateUnknown),
        (.cancelled, .stateUnknown), (.localFailure, .failed), (.authenticationFailed, .failed),
        (.protocolFailure, .failed),
    ])
    func `only where something may have run is the state unknown`(
        _ code: TransportError.Code,
        _ status: ProvisionCore.ExitStatus
    ) async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let stage = Stage("files", resources: [file("/srv/a", "one\n")])
        let outcomes = await run(plan(stage), on: ["one": FailingHost(sandbox, code)])
        #expect(RunReport(lanes: outcomes).exitCode == status)
        guard case .failed(let failure) = outcomes[0].ending else { return }
        #expect(failure.attempted == "read /cache/kubelet" && failure.remedy == "fetch the artifacts again")
        #expect(failure.output.contains("it cannot be opened") && failure.output.contains("changed nothing"))
    }

    private func tool(_ name: String, _ upload: Action.Upload) -> BinaryResource {
        BinaryResource(path: "/srv/\(name)", uploads: ["x86_64": upload, "aarch64": upload], reason: "a test")
    }

    @Test func `an interrupt ends a stage between two uploads`() async throws {
        let sandbox = try SandboxHost()
        let path = NSTemporaryDirectory() + "provision-upload-" + UUID().uuidString
        defer {
            sandbox.remove()
            try? FileManager.default.removeItem(atPath: path)
        }
        let bytes = Array("#!/bin/sh\n".utf8)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let upload = Action.Upload(localPath: path, size: bytes.count, sha256: SHA256Digest.hex(of: bytes))
        let plan = plan(Stage("tools", resources: [tool("a", upload), tool("b", upload), logged("start")]))
        let recorder = Recorder()
        let executor = Executor(
            concurrency: ConcurrencySpec(hosts: 8, perJumpHost: 4, uploads: 2),
            connect: { _ throws(TransportError) in sandbox },
            isInterrupted: { recorder.events.contains { $0.kind == .actionDone } },
            report: recorder.record
        )
        let outcome = await executor.apply(await executor.observe(plan), plan: plan)[0]
        #expect(outcome.ending == .interrupted(stage: "send /srv/b (0 MB) in tools"))
        #expect(outcome.done.map(\.title) == ["send /srv/a (0 MB)"])
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("/srv/b")))
        let last = try #require(recorder.events.last { $0.stage == "tools" })
        #expect(last.kind == .interrupted && last.message.contains("send /srv/b"))
    }

    @Test func `what is tried anyway runs after a failure where its own gates open`() async throws {
        let (one, two) = (try SandboxHost(), try SandboxHost())
        defer {
            one.remove()
            two.remove()
        }
        let (lost, won) = (Gate(rawValue: "lost"), Gate(rawValue: "won"))
        let lanes = [
            Plan.Lane(
                host: host("one"),
                stages: [
                    Stage("first", resources: [logged("first")]),
                    Stage("stops", needs: [lost], isTriedAnyway: true, resources: [logged("stops")]),
                    Stage("free", needs: [won], isTriedAnyway: true, resources: [logged("free")]),
                    Stage("other", resources: [logged("other")]),
                    Stage("lost", needs: [lost], isTriedAnyway: true, resources: [logged("lost")]),
                ]
            ),
            Plan.Lane(host: host("two"), stages: [Stage("wins", opens: [won], resources: [logged("wins")])]),
            Plan.Lane(host: host("three"), stages: [Stage("loses", opens: [lost], resources: [logged("loses")])]),
        ]
        let recorder = Recorder()
        let outcomes = await run(
            Plan(cluster: "test", lanes: lanes),
            on: ["one": one, "two": two],
            recorder: recorder
        )
        guard case .notRun(let stage, _) = outcomes[0].ending else {
            Issue.record("\(outcomes[0].ending)")
            return
        }
        #expect(stage == "stops")
        #expect(try one.content("/srv/log") == "first\nfree\n")
        #expect(recorder.events.filter { $0.kind == .stageNotRun }.map(\.stage) == ["stops"])
    }
}
