import ProvisionCore
import ProvisionEngine
import Templates
import Testing

@Suite struct HostSessionTests {
    /// Keeps what it is asked to run.
    private actor Ear: Transport {
        private(set) var heard: [RemoteCommand] = []

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            heard.append(command)
            return CommandResult(status: .exited(1), output: [], errorOutput: [])
        }

        func close() async {}
    }

    @Test func `an upload's time grows with its size, and ends where nothing moves`() async throws {
        let ear = Ear()
        let upload = Action.Upload(localPath: "/artifact", size: 110 << 20, sha256: "ab")
        let action = Action(kind: .upload, title: "send", script: "receive", upload: upload, seconds: 600)
        _ = try await HostSession(host: "one", transport: ear).upload(action, from: upload.localPath)
        let command = try #require(await ear.heard.first)
        // 110 MB over a quarter of 5 Mbit/s take 740 s.
        #expect(command.timeout == .seconds(600 + 7040) && command.idle == .seconds(600))
    }

    @Test func `a run's token stands on no command line`() async throws {
        let ear = Ear()
        let upload = Action.Upload(localPath: "/artifact", size: 110 << 20, sha256: "ab")
        let action = Action(kind: .upload, title: "send", script: "receive", upload: upload, seconds: 600)
        let peer = UploadRelay.Peer(host: "two", address: "192.0.2.3", port: 20_000)
        let words = try await HostSession(host: "one", transport: ear)
            .take(action, upload, from: peer, token: Secret("t0ken"))
        #expect(words != nil)
        let command = try #require(await ear.heard.first)
        #expect(command.line.contains("take 192.0.2.3 20000 ab") && !command.line.contains("t0ken"))
        guard case .bytes(let input) = command.input else {
            Issue.record("\(command.input)")
            return
        }
        #expect(input.reveal() == Array("t0ken\n".utf8))
        // Longer than the host's own limit, so that its words are heard.
        #expect(command.timeout == .seconds(600 + RelayScript.seconds(size: 110 << 20)))
    }
}
