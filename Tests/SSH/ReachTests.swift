import Glibc
import ProvisionCore
import ProvisionSSH
import Testing

@Suite struct ReachTests {
    private func endpoint(_ transport: SSHEndpoint.TransportChoice, port: UInt16) -> SSHEndpoint {
        SSHEndpoint(
            name: "host",
            address: "127.0.0.1",
            port: port,
            user: "root",
            useAgent: false,
            knownHostsFiles: ["/dev/null"],
            transport: transport,
            honourSSHConfig: false,
            connectTimeout: .seconds(30)
        )
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a closed port is refused`(transport: SSHEndpoint.TransportChoice) async throws {
        let error = try await failure(of: endpoint(transport, port: try Ports.next()))
        #expect(error.code == .refused && !error.stateIsUnknown)
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a name that is none is told apart`(transport: SSHEndpoint.TransportChoice) async throws {
        var nameless = endpoint(transport, port: 22)
        nameless.address = "host.invalid"
        nameless.connectTimeout = .seconds(10)
        let error = try await failure(of: nameless)
        #expect(error.code == .nameNotResolved && error.attempted.contains("host.invalid"))
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a port that never answers costs bounded time`(transport: SSHEndpoint.TransportChoice) async throws {
        let listener = try LoopbackListener()
        var silent = endpoint(transport, port: listener.port)
        silent.connectTimeout = .seconds(1)
        let error = try await failure(of: silent)
        #expect(error.code == .unreachable && !error.stateIsUnknown)
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a port of something else is no host`(transport: SSHEndpoint.TransportChoice) async throws {
        let listener = try LoopbackListener()
        async let served: Void = offMainPool {
            let client = accept(listener.descriptor, nil, nil)
            let words = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            send(client, words, words.count, Int32(MSG_NOSIGNAL))
            close(client)
        }
        let error = try await failure(of: endpoint(transport, port: listener.port))
        try await served
        #expect(error.code == .protocolFailure && !error.stateIsUnknown, "\(error)")
    }

    @Test(.timeLimit(.minutes(3)))
    func `each address of a name gets its turn`() async throws {
        try await SSHServer.with { sshd in
            var named = sshd.endpoint(.libssh2)
            named.address = "localhost"
            named.hostKeyAlias = "alias"
            try sshd.scratch.write("alias \(sshd.hostKeyText("ed25519"))\n", to: "known_hosts")
            try await reach(named)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `closing twice is safe, and then nothing runs`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let factory = TransportFactory(counters: TransportCounters())
            let host = try await factory.open(sshd.endpoint(transport))
            await host.close()
            await host.close()
            let error = try await #require(
                #expect(throws: TransportError.self) { try await host.run(RemoteCommand("true")) }
            )
            #expect(error.reason == "the connection is closed")
        }
    }
}
