import ProvisionCore
import ProvisionEngine
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
}
