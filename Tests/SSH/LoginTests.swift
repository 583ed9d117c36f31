import Foundation
import ProvisionCore
import ProvisionSSH
import Templates
import Testing

@Suite struct LoginTests {
    @Test(.timeLimit(.minutes(3)), arguments: transports, ["ed25519", "ecdsa"])
    func `ed25519 and ecdsa keys log in`(transport: SSHEndpoint.TransportChoice, type: String) async throws {
        try await SSHServer.with { sshd in
            let key = try await sshd.scratch.key("other", type: type)
            try sshd.authorizeOnly(key)
            var endpoint = sshd.endpoint(transport)
            endpoint.identityFiles = [key]
            try await reach(endpoint)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [[], ["-m", "PEM"], ["-m", "PKCS8"]])
    func `an RSA key is explained, and used by ssh`(format: [String]) async throws {
        try await SSHServer.with { sshd in
            let key = try await sshd.scratch.key("rsa", type: "rsa", format)
            try sshd.authorizeOnly(key)
            if !format.isEmpty { try FileManager.default.moveItem(atPath: key + ".pub", toPath: key + ".away") }
            var endpoint = sshd.endpoint(.libssh2)
            endpoint.identityFiles = [key]
            let error = try await failure(of: endpoint)
            #expect(error.code == .algorithmMismatch)
            #expect(error.reason.contains("rsa-sha2") && error.remedy.contains("ed25519"))

            let notes = Notes()
            endpoint.transport = .auto
            try await reach(endpoint, notes: notes)
            #expect(notes.all.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports, [("ed25519", []), ("ecdsa", ["-m", "PEM"])])
    func `an encrypted key wants its passphrase`(
        transport: SSHEndpoint.TransportChoice,
        kind: (type: String, format: [String])
    ) async throws {
        try await SSHServer.with { sshd in
            let key = try await sshd.scratch.key("locked", type: kind.type, passphrase: "it's $HOME", kind.format)
            try sshd.authorizeOnly(key)
            var endpoint = sshd.endpoint(transport)
            endpoint.identityFiles = [key]
            let missing = try await failure(of: endpoint)
            #expect(missing.code == .passphraseNeeded && missing.reason.contains("is encrypted"))
            endpoint.passphrase = Secret("wrong one")
            let wrong = try await failure(of: endpoint)
            #expect(wrong.code == .passphraseNeeded && wrong.reason.contains("passphrase is wrong"))
            #expect(!"\(wrong)".contains("wrong one"))
            endpoint.passphrase = Secret("it's $HOME")
            try await reach(endpoint)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `an encrypted key that the agent holds needs no passphrase`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            let locked = try await sshd.scratch.key("locked", passphrase: "phrase")
            try sshd.authorizeOnly(locked)
            let open = try await sshd.scratch.key("open")
            try await tool("cp", [locked, open])
            try await tool("ssh-keygen", ["-q", "-p", "-P", "phrase", "-N", "", "-f", open])
            try await Agent.with([sshd.userKey, open], in: sshd.scratch) { agent in
                var endpoint = sshd.endpoint(transport)
                endpoint.identityFiles = [locked]
                (endpoint.useAgent, endpoint.agentSocket) = (true, agent.socket)
                try await reach(endpoint)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `the configured key goes before seven of the agent`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            var foreign: [String] = []
            for number in 0..<7 { foreign.append(try await sshd.scratch.key("foreign-\(number)")) }
            try await Agent.with(foreign + [sshd.userKey], in: sshd.scratch) { agent in
                var endpoint = sshd.endpoint(transport)
                (endpoint.useAgent, endpoint.agentSocket) = (true, agent.socket)
                try await reach(endpoint)
                endpoint.identityFiles = []
                let error = try await failure(of: endpoint)
                #expect(error.code == .tooManyKeys && error.remedy.contains("identityFiles"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["ed25519", "ecdsa"])
    func `the agent's keys log in without a file`(type: String) async throws {
        try await SSHServer.with { sshd in
            let key = try await sshd.scratch.key("held", type: type)
            try sshd.authorizeOnly(key)
            let rsa = try await sshd.scratch.key("rsa", type: "rsa")
            try await Agent.with([rsa, sshd.userKey, key], in: sshd.scratch) { agent in
                var endpoint = sshd.endpoint(.libssh2)
                endpoint.identityFiles = []
                (endpoint.useAgent, endpoint.agentSocket) = (true, agent.socket)
                try await reach(endpoint)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `an agent that never answers costs bounded time`() async throws {
        let scratch = try Scratch()
        let silent = try SilentSocket(scratch.file("silent"))
        try await SSHServer.with { sshd in
            var endpoint = sshd.endpoint(.libssh2)
            endpoint.identityFiles = []
            (endpoint.useAgent, endpoint.agentSocket) = (true, silent.path)
            endpoint.connectTimeout = .seconds(1)
            let start = ContinuousClock.now
            let error = try await failure(of: endpoint)
            #expect(error.reason.contains("agent") && start.duration(to: .now) < .seconds(20))
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a key that others can read is not used`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let other = try await sshd.scratch.key("other")
            try sshd.authorize(other)
            chmod(sshd.userKey, 0o644)
            var endpoint = sshd.endpoint(transport)
            let error = try await failure(of: endpoint)
            #expect(error.code == .keyPermissions && error.remedy.contains("chmod 600"))
            endpoint.identityFiles.append(other)
            try await reach(endpoint)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a key that the host does not know is refused in plain words`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            var endpoint = sshd.endpoint(transport)
            endpoint.identityFiles = [try await sshd.scratch.key("stranger")]
            let error = try await failure(of: endpoint)
            #expect(error.code == .authenticationFailed && error.remedy.contains("authorized_keys"))
            endpoint.identityFiles = [sshd.scratch.file("missing")]
            #expect(
                try await failure(of: endpoint).code == (transport == .libssh2 ? .keyUnreadable : .authenticationFailed)
            )
        }
    }
}
