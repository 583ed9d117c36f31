import Foundation
import ProvisionCore
import Testing

@testable import ProvisionSSH

@Suite struct UploadTests {
    @Test(.timeLimit(.minutes(3)), arguments: transports + [.local])
    func `64 MB arrive as they are`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let path = sshd.scratch.file("artifact")
            let hash = try await Self.write(megabytes: 64, to: path)
            let place = sshd.scratch.file("arrived")
            try await using(sshd.endpoint(transport)) { host in
                let command = RemoteCommand(
                    line: "/bin/sh -c 'cat > \(place) && sha256sum < \(place)'",
                    input: .file(path: path)
                )
                let result = try await host.run(command)
                #expect(result.outputText.hasPrefix(hash) && result.status == .exited(0))
            }
        }
    }

    @Test func `a file is read in pieces`() async throws {
        let scratch = try Scratch()
        _ = try await Self.write(megabytes: 5, to: scratch.file("artifact"))
        let command = RemoteCommand(line: "cat", input: .file(path: scratch.file("artifact")))
        var exchange = try CommandExchange(command, endpoint: SSHEndpoint(name: "host", address: "host"))
        var total = 0
        while case .bytes(let piece) = try exchange.next() {
            #expect(piece.count <= 1 << 20)
            total += piece.count
        }
        #expect(total == 5 << 20)
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a file that is not there is said before anything is sent`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let error = try await #require(
                    #expect(throws: TransportError.self) {
                        try await host.run(RemoteCommand(line: "cat", input: .file(path: "/nonexistent/file")))
                    }
                )
                #expect(error.code == .localFailure && error.attempted.contains("/nonexistent/file"))
                let next = try await host.run(RemoteCommand("echo on"))
                #expect(next.outputText == "on\n")
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a cut connection is never a success`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let path = sshd.scratch.file("artifact")
            _ = try await Self.write(megabytes: 1, to: path)
            try sshd.scratch.write("alias \(sshd.hostKeyText("ed25519"))\n", to: "known_hosts")
            for limit in [10, 700, 2000, 2600, 3200, 4000, 30_000, 500_000, 1 << 20] {
                let proxy = try CuttingProxy(to: sshd.port, after: limit)
                proxy.serve()
                var endpoint = sshd.endpoint(transport)
                (endpoint.port, endpoint.hostKeyAlias) = (proxy.port, "alias")
                let begun = sshd.scratch.file("begun-\(limit)")
                let line = "/bin/sh -c 'echo > \(begun); cat > /dev/null; echo whole'"
                let command = RemoteCommand(line: line, input: .file(path: path))
                let error = try await #require(
                    #expect(throws: TransportError.self, "\(limit)") {
                        _ = try await using(endpoint) { try await $0.run(command) }
                    }
                )
                let hasBegun = FileManager.default.fileExists(atPath: begun)
                #expect(error.stateIsUnknown || !hasBegun, "\(limit): \(error)")
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports + [.local])
    func `what moves slowly may take its time, what stands still may not`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            let path = sshd.scratch.file("artifact")
            _ = try await Self.write(megabytes: 8, to: path)
            try await using(sshd.endpoint(transport)) { host in
                let slow = "for i in $(seq 16); do head -c 524288 > /dev/null; sleep 0.4; done; echo whole"
                let result = try await host.run(Self.command(slow, path, idle: .seconds(4)))
                #expect(result.outputText == "whole\n")
                let error = try await #require(
                    #expect(throws: TransportError.self) {
                        try await host.run(Self.command("sleep 100", path, idle: .seconds(1)))
                    }
                )
                #expect(error.code == .timeout && error.reason == "nothing moved for 1 s")
            }
        }
    }

    private static func command(_ script: String, _ path: String, idle: Duration) -> RemoteCommand {
        RemoteCommand(line: "/bin/sh -c '\(script)'", input: .file(path: path), timeout: .seconds(90), idle: idle)
    }

    /// Random bytes; gives back their SHA-256.
    private static func write(megabytes: Int, to path: String) async throws -> String {
        let script = "head -c \(megabytes)M /dev/urandom > '\(path)' && sha256sum < '\(path)'"
        return String(try await tool("/bin/sh", ["-c", script]).output.prefix(64))
    }
}
