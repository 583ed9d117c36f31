import ProvisionCore
import ProvisionSSH
import Templates
import Testing

@Suite struct JumpHostTests {
    /// An endpoint behind others.
    private func behind(_ jumps: [SSHEndpoint], _ target: SSHServer) -> SSHEndpoint {
        var endpoint = target.endpoint()
        endpoint.jumps = jumps
        return endpoint
    }

    @Test(.timeLimit(.minutes(3)))
    func `one jump host leads to the host`() async throws {
        try await SSHServer.with { jump in
            try await SSHServer.with { target in
                let notes = Notes()
                try await reach(behind([jump.endpoint()], target), notes: notes)
                #expect(jump.log.contains("Accepted publickey") && target.log.contains("Accepted publickey"))
                #expect(notes.all == ["host: a jump host needs the system's ssh"])
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `two jump hosts, each with its own keys and passphrase`() async throws {
        try await SSHServer.with { first in
            try await SSHServer.with { second in
                try await SSHServer.with { target in
                    var jumps = [first.endpoint(), second.endpoint()]
                    for (index, server) in [first, second].enumerated() {
                        let key = try await server.scratch.key("100% 'locked'", passphrase: "phrase \(index)")
                        try server.authorizeOnly(key)
                        jumps[index].identityFiles = [key]
                        jumps[index].passphrase = Secret("phrase \(index)")
                    }
                    try await reach(behind(jumps, target))
                    #expect(first.log.contains("Accepted publickey") && second.log.contains("Accepted publickey"))

                    jumps[1].passphrase = Secret("phrase 0")
                    let error = try await failure(of: behind(jumps, target))
                    #expect(error.code == .passphraseNeeded && error.attempted.contains("jump host"))
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a jump host with a changed key is refused, and the host not reached`() async throws {
        try await SSHServer.with { jump in
            try await SSHServer.with { target in
                try await jump.scratch.key("foreign")
                try jump.scratch.write("\(jump.name) \(jump.scratch.read("foreign.pub"))", to: "known_hosts")
                let error = try await failure(of: behind([jump.endpoint()], target))
                #expect(error.code == .hostKeyChanged && error.attempted.contains(jump.name))
                #expect(error.reason.contains(try jump.hostKey("ed25519").fingerprint))
                #expect(!target.log.contains("Connection from"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a jump host follows its own policy and pins`() async throws {
        try await SSHServer.with { jump in
            try await SSHServer.with { target in
                var stranger = jump.endpoint()
                stranger.knownHostsFiles = [jump.scratch.file("learnt")]
                let error = try await failure(of: behind([stranger], target))
                #expect(error.code == .hostKeyUnknown && error.remedy.contains(jump.hostKeyText("ed25519")))

                stranger.pinnedHostKeys = [try jump.hostKey("ecdsa").fingerprint]
                try await reach(behind([stranger], target))
                #expect(jump.scratch.read("learnt").isEmpty)

                stranger.pinnedHostKeys = []
                stranger.hostKeyPolicy = .acceptNew
                try await reach(behind([stranger], target))
                #expect(jump.scratch.read("learnt").contains(jump.hostKeyText("ed25519")))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `what fails on the way is told of the hop where it failed`() async throws {
        try await SSHServer.with { jump in
            try await SSHServer.with { target in
                var strange = jump.endpoint()
                strange.identityFiles = [try await jump.scratch.key("strange")]
                let refused = try await failure(of: behind([strange], target))
                #expect(refused.code == .authenticationFailed && refused.attempted.contains("jump host"))

                var closed = behind([jump.endpoint()], target)
                closed.port = try Ports.next()
                #expect(try await failure(of: closed).code == .refused)

                var nameless = behind([jump.endpoint()], target)
                nameless.address = "host.invalid"
                #expect(try await failure(of: nameless).code == .nameNotResolved)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a jump host that does not forward says so`() async throws {
        try await SSHServer.with(["AllowTcpForwarding no"]) { jump in
            try await SSHServer.with { target in
                let error = try await failure(of: behind([jump.endpoint()], target))
                #expect(error.remedy.contains("AllowTcpForwarding"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `libssh2 alone refuses jump hosts`() async throws {
        var endpoint = SSHEndpoint(name: "host", address: "127.0.0.1", transport: .libssh2, honourSSHConfig: false)
        endpoint.jumps = [endpoint]
        let error = try await failure(of: endpoint)
        #expect(error.code == .localFailure && error.reason.contains("a jump host"))
    }
}
