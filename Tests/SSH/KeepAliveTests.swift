import Foundation
import Glibc
import ProvisionCore
import ProvisionSSH
import Testing

@Suite struct KeepAliveTests {
    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `an idle session answers a server that wants signs of life`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with(["ClientAliveInterval 1", "ClientAliveCountMax 2"]) { sshd in
            var endpoint = sshd.endpoint(transport)
            endpoint.keepAlive = .seconds(1)
            try await using(endpoint) { host in
                try await Task.sleep(for: .seconds(9))
                let result = try await host.run(RemoteCommand("echo still"))
                #expect(result.outputText == "still\n")
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a command that is long silent is not given up`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            var endpoint = sshd.endpoint(transport)
            endpoint.keepAlive = .seconds(1)
            let result = try await run("sleep 8; echo still", on: endpoint)
            #expect(result.outputText == "still\n")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `without an answer such a server hangs up`() async throws {
        try await SSHServer.with(["ClientAliveInterval 1", "ClientAliveCountMax 2"]) { sshd in
            var endpoint = sshd.endpoint(.libssh2)
            endpoint.keepAlive = .seconds(60)
            try await using(endpoint) { host in
                try await Task.sleep(for: .seconds(9))
                let error = try await #require(
                    #expect(throws: TransportError.self) { try await host.run(RemoteCommand("true")) }
                )
                #expect(error.code == .connectionLost)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a server that stands still is given up in bounded time`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            var endpoint = sshd.endpoint(transport)
            endpoint.keepAlive = .seconds(1)
            try await using(endpoint) { host in
                let file = sshd.scratch.file("pid")
                let task = Task { try await host.run(RemoteCommand("echo $PPID > \(file)-1; sleep 50", seconds: 50)) }
                let pid = try await pid(sshd, "pid-1")
                kill(pid, SIGSTOP)
                defer { kill(pid, SIGKILL) }
                let start = ContinuousClock.now
                let error = try await #require(#expect(throws: TransportError.self) { try await task.value })
                #expect(error.code == .connectionLost && error.stateIsUnknown)
                #expect(start.duration(to: .now) < .seconds(15))
            }
        }
    }

    private func pid(_ sshd: SSHServer, _ name: String) async throws -> pid_t {
        while !sshd.scratch.read(name).hasSuffix("\n") { try await Task.sleep(for: .milliseconds(20)) }
        return try #require(pid_t(sshd.scratch.read(name).trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
