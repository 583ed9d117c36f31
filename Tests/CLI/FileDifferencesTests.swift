import ProvisionCore
import Synchronization
import Templates
import Testing

@testable import ProvisionEngine
@testable import provision

@Suite struct FileDifferencesTests {
    /// Gives one answer to whatever it is asked, and keeps the question.
    private final class Ear: Transport {
        private let questions = Mutex<[String]>([])
        var heard: [String] { questions.withLock(\.self) }

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            if case .bytes(let bytes) = command.input {
                questions.withLock { $0.append(String(decoding: bytes.reveal(), as: UTF8.self)) }
            }
            let answer = "== /etc/systemd/system/kubelet.service\n@@ -1 +1 @@\n-Nice=10\n+Nice=5\n"
            return CommandResult(status: .exited(0), output: Array(answer.utf8), errorOutput: [])
        }

        func close() async {}
    }

    private let unit = RenderedFile(
        path: "/etc/systemd/system/kubelet.service",
        text: "Nice=5\n",
        mode: 0o600,
        secrecy: .open
    )
    private let key = RenderedFile(path: "/etc/kubelet.key", text: "k\n", mode: 0o600, secrecy: .secret)
    private let same = RenderedFile(path: "/etc/same.conf", text: "s\n", secrecy: .open)

    private func lane(_ ear: Ear) -> ObservedLane {
        let host = HostSpec(
            name: "worker-0",
            nodeName: "worker-0",
            roles: [.worker],
            internalAddress: IPv4Address(bits: 0x7F00_0001),
            ssh: SSHEndpoint(name: "worker-0", address: "127.0.0.1")
        )
        let files = [unit, key, same].map { FileResource($0, reason: "a test") }
        return ObservedLane(
            lane: Plan.Lane(host: host, stages: [Stage("files", resources: files)]),
            session: HostSession(host: "worker-0", transport: ear),
            answers: [],
            verdicts: [
                .change(FileResource.edited, []), .change(FileResource.differs, []), .same("is so"),
            ],
            failure: nil
        )
    }

    @Test func `a unit of mode 0600 is compared, a key never, and a plan shows it in both forms`() async throws {
        let ear = Ear()
        let lane = lane(ear)
        let differences = await FileDifferences.read([lane])
        #expect(ear.heard.count == 1)
        let question = try #require(ear.heard.first)
        #expect(question.contains(unit.path))
        #expect(!question.contains(key.path) && !question.contains(same.path))
        #expect(lane.edited == [unit.path])
        let view = PlanView(observed: [lane], differences: differences, showsSame: false)
        #expect(view.text(Console(noColour: true, environment: [:])).contains("        -Nice=10\n        +Nice=5\n"))
        #expect(view.json().contains(#""@@ -1 +1 @@\n-Nice=10\n+Nice=5\n""#))
    }
}
