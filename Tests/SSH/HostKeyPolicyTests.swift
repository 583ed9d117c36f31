import Foundation
import ProvisionCore
import ProvisionSSH
import Testing

@Suite struct HostKeyPolicyTests {
    /// An endpoint with an empty known_hosts.
    private func stranger(
        _ transport: SSHEndpoint.TransportChoice,
        _ policy: SSHEndpoint.HostKeyPolicy,
        _ sshd: SSHServer
    ) -> SSHEndpoint {
        var endpoint = sshd.endpoint(transport)
        endpoint.hostKeyPolicy = policy
        endpoint.knownHostsFiles = [sshd.scratch.file("learnt/known_hosts")]
        return endpoint
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `yes refuses a stranger and prints the line to add`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let endpoint = stranger(transport, .yes, sshd)
            let error = try await failure(of: endpoint)
            let key = try sshd.hostKey("ed25519")
            #expect(error.code == .hostKeyUnknown && error.reason.contains(key.fingerprint))
            #expect(error.remedy.contains("\(sshd.name) \(sshd.hostKeyText("ed25519"))"))
            #expect(!FileManager.default.fileExists(atPath: endpoint.knownHostsFiles[0]))
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `accept-new learns a stranger and refuses a change`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            var endpoint = stranger(transport, .acceptNew, sshd)
            try FileManager.default.createDirectory(
                atPath: sshd.scratch.file("learnt"),
                withIntermediateDirectories: true
            )
            // The last line has no end; what is learnt must not be joined to it.
            try sshd.scratch.write("other ssh-ed25519 AAAA", to: "learnt/known_hosts")
            try await reach(endpoint)
            #expect(
                sshd.scratch.read("learnt/known_hosts").split(separator: "\n").map(String.init)
                    == ["other ssh-ed25519 AAAA", "\(sshd.name) \(sshd.hostKeyText("ed25519"))"]
            )
            endpoint.hostKeyPolicy = .yes
            try await reach(endpoint)

            endpoint.hostKeyPolicy = .acceptNew
            try await sshd.scratch.key("foreign")
            let foreign = sshd.scratch.read("foreign.pub")
            try sshd.scratch.write("# one\n\(sshd.name) \(foreign)", to: "learnt/known_hosts")
            let error = try await failure(of: endpoint)
            #expect(error.code == .hostKeyChanged && !error.stateIsUnknown)
            #expect(error.reason.contains(try sshd.hostKey("ed25519").fingerprint))
            #expect(error.reason.contains("learnt/known_hosts:2 says SHA256:"))
            #expect(sshd.scratch.read("learnt/known_hosts").hasSuffix(foreign))
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `hosts learnt at the same time do not overwrite each other`() async throws {
        try await SSHServer.with { sshd in
            let names = (0..<8).map { "name-\($0)" }
            try await withThrowingTaskGroup { group in
                for name in names {
                    var endpoint = stranger(.libssh2, .acceptNew, sshd)
                    endpoint.hostKeyAlias = name
                    group.addTask { try await reach(endpoint) }
                }
                try await group.waitForAll()
            }
            let lines = sshd.scratch.read("learnt/known_hosts").split(separator: "\n")
            #expect(Set(lines.map { $0.prefix(6) }) == Set(names.map { $0[...] }))
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `ask lets a person decide`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            var endpoint = stranger(transport, .ask, sshd)
            let key = try sshd.hostKey("ed25519")
            let asked = Notes()
            await #expect(throws: TransportError.self) {
                try await reach(endpoint) { host, fingerprint in
                    asked.add("\(host) \(fingerprint)")
                    return false
                }
            }
            #expect(asked.all == ["host ssh-ed25519 \(key.fingerprint)"])
            #expect(try await failure(of: endpoint).code == .hostKeyUnknown)
            try await reach(endpoint) { _, _ in true }
            endpoint.hostKeyPolicy = .yes
            try await reach(endpoint)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `no accepts everything, as in ssh_config`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let endpoint = stranger(transport, .no, sshd)
            try await reach(endpoint)
            #expect(sshd.scratch.read("learnt/known_hosts").contains(sshd.hostKeyText("ed25519")))
            try await sshd.scratch.key("foreign")
            try sshd.scratch.write("\(sshd.name) \(sshd.scratch.read("foreign.pub"))", to: "learnt/known_hosts")
            try await reach(endpoint)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports, ["ed25519", "ecdsa"])
    func `a pinned key is enough, of whatever type`(
        transport: SSHEndpoint.TransportChoice,
        type: String
    ) async throws {
        try await SSHServer.with { sshd in
            var endpoint = stranger(transport, .yes, sshd)
            endpoint.pinnedHostKeys = ["SHA256:another", try sshd.hostKey(type).fingerprint]
            try await reach(endpoint)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a key that is not pinned is refused though known`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            var endpoint = sshd.endpoint(transport)
            endpoint.hostKeyPolicy = .no
            endpoint.pinnedHostKeys = ["SHA256:uNiVztksCsDhcc0u9e8BrvXSnfPiSQuV2jwkbmJ2vHk"]
            let error = try await failure(of: endpoint)
            #expect(error.code == .hostKeyChanged)
            #expect(error.reason.contains(try sshd.hostKey("ed25519").fingerprint))
            #expect(error.reason.contains("pinned is SHA256:uNiV"))
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a host known by its RSA key only is left to ssh`() async throws {
        try await SSHServer.with(hostKeys: ["rsa", "ed25519"]) { sshd in
            var endpoint = sshd.endpoint(.libssh2)
            endpoint.hostKeyPolicy = .acceptNew
            try sshd.scratch.write("\(sshd.name) \(sshd.hostKeyText("rsa"))\n", to: "known_hosts")
            let error = try await failure(of: endpoint)
            #expect(error.code == .algorithmMismatch && error.reason.contains("ssh-rsa"))
            endpoint.transport = .auto
            try await reach(endpoint)
            #expect(!sshd.scratch.read("known_hosts").contains("ed25519"))
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a host known by its authority is left to ssh`() async throws {
        let authority = try Scratch()
        try await authority.key("ca")
        try await SSHServer.with { sshd in
            let key = sshd.scratch.file("host-ed25519")
            try await tool(
                "ssh-keygen",
                ["-q", "-s", authority.file("ca"), "-I", "host", "-h", "-n", "127.0.0.1", "\(key).pub"]
            )
            let line = "@cert-authority \(sshd.name) \(authority.read("ca.pub"))"
            try sshd.scratch.write(line, to: "known_hosts")
            try await sshd.reconfigure(adding: ["HostCertificate \(key)-cert.pub"])
            let notes = Notes()
            try await reach(sshd.endpoint(), notes: notes)
            #expect(notes.all.contains { $0.contains("@cert-authority") })
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a known_hosts that cannot be read is not an empty one`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            var endpoint = stranger(transport, .yes, sshd)
            endpoint.knownHostsFiles = [sshd.scratch.path]
            let error = try await failure(of: endpoint)
            #expect(error.code == .knownHostsUnreadable)
        }
    }
}
