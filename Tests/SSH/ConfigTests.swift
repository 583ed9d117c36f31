import Foundation
import ProvisionCore
import ProvisionSSH
import Testing

/// ssh_config is read by `ssh -G`; the tests name a file of their own instead of the user's.
@Suite struct ConfigTests {
    /// An alias that only the file explains.
    private func alias(_ transport: SSHEndpoint.TransportChoice, _ sshd: SSHServer) -> SSHEndpoint {
        SSHEndpoint(
            name: "host",
            address: "alias",
            transport: transport,
            configFile: sshd.scratch.file("ssh_config"),
            connectTimeout: .seconds(20)
        )
    }

    private func block(_ name: String, _ sshd: SSHServer, _ more: String = "") -> String {
        """
        Host \(name)
          HostName 127.0.0.1
          Port \(sshd.port)
          User root
          IdentityFile \(sshd.userKey)
          IdentityAgent none
          UserKnownHostsFile \(sshd.scratch.file("known_hosts"))
        \(more)

        """
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `an alias means what ssh_config says`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try sshd.scratch.write(block("alias", sshd), to: "ssh_config")
            try await reach(alias(transport, sshd))
            var other = alias(transport, sshd)
            other.user = "absent"
            #expect(try await failure(of: other).code == .authenticationFailed)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a host key alias is looked up without a port`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try sshd.scratch.write(block("alias", sshd, "  HostKeyAlias Other"), to: "ssh_config")
            #expect(try await failure(of: alias(transport, sshd)).code == .hostKeyUnknown)
            try sshd.scratch.write("other \(sshd.hostKeyText("ed25519"))\n", to: "known_hosts")
            try await reach(alias(transport, sshd))
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a jump host of ssh_config is followed`() async throws {
        try await SSHServer.with { jump in
            try await SSHServer.with { target in
                let text = block("alias", target, "  ProxyJump way") + block("way", jump)
                try target.scratch.write(text, to: "ssh_config")
                let notes = Notes()
                try await reach(alias(.auto, target), notes: notes)
                #expect(jump.log.contains("Accepted publickey"))
                #expect(notes.all == ["host: proxyjump of ssh_config needs the system's ssh"])
                let error = try await failure(of: alias(.libssh2, target))
                #expect(error.code == .localFailure && error.reason.contains("proxyjump"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [SSHEndpoint.TransportChoice.auto, .openssh])
    func `a login waits for room at the jump hosts of ssh_config`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { jump in
            try await SSHServer.with { target in
                let text = block("alias", target, "  ProxyJump way") + block("way", jump)
                try target.scratch.write(text, to: "ssh_config")
                let ways = Notes()
                let turn: TransportFactory.Turn = { jumps, login in
                    ways.add(jumps.joined(separator: " "))
                    return await login()
                }
                let factory = TransportFactory(counters: TransportCounters(), turn: turn)
                let host = try await factory.open(alias(transport, target))
                await host.close()
                #expect(ways.all == ["way"])
            }
        }
    }

    @Test(arguments: [
        ("proxyjump none", []), ("proxyjump way", ["way"]), ("port 22", []),
        ("proxyjump me@[10.0.0.1]:2222,second", ["10.0.0.1", "second"]),
        ("proxyjump x@[fe80::1]:22,ssh://u@h:44,a.example.org:33", ["fe80::1", "h", "a.example.org"]),
    ])
    func `the addresses of jump hosts are taken from ssh_config`(line: String, jumps: [String]) {
        var endpoint = SSHEndpoint(name: "host", address: "alias")
        #expect(SSHConfig.merge(line, into: endpoint).jumps == jumps)
        endpoint.jumps = [SSHEndpoint(name: "jump", address: "bastion")]
        #expect(SSHConfig.merge(line, into: endpoint).jumps == ["bastion"])
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `the agent of ssh_config is asked`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let held = try await sshd.scratch.key("held")
            try sshd.authorizeOnly(held)
            try await Agent.with([held], in: sshd.scratch) { agent in
                let text = block("alias", sshd).replacing("IdentityAgent none", with: "IdentityAgent \(agent.socket)")
                try sshd.scratch.write(text, to: "ssh_config")
                try await reach(alias(transport, sshd))
                // The agent may offer only what stands in the file.
                try sshd.scratch.write(text + "  IdentitiesOnly yes\n", to: "ssh_config")
                let error = try await failure(of: alias(transport, sshd))
                #expect(error.code == .authenticationFailed)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a file that others can write is refused as by ssh`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let open = try sshd.scratch.write(block("alias", sshd), to: "open", mode: 0o666)
            try sshd.scratch.write("Include \(open)\n", to: "ssh_config")
            let error = try await failure(of: alias(transport, sshd))
            #expect(error.code == .localFailure && error.reason.contains("Bad owner or permissions"), "\(error)")
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a file that ssh cannot read is no empty one`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try sshd.scratch.write("Host alias\n  Prot 22\n", to: "ssh_config")
            let error = try await failure(of: alias(transport, sshd))
            #expect(error.reason.lowercased().contains("bad configuration option"))
        }
    }

    @Test func `the inventory's words win`() {
        let own = SSHEndpoint(
            name: "host",
            address: "alias",
            port: 2200,
            user: "me",
            identityFiles: ["/key"],
            knownHostsFiles: ["/known"]
        )
        let text = """
            hostname 10.0.0.1
            port 22
            user root
            identityfile /etc/hostname
            userknownhostsfile /a ~/b
            globalknownhostsfile none
            identityagent none
            """
        let result = SSHConfig.merge(text, into: own).endpoint
        #expect(result.address == "10.0.0.1" && result.port == 2200 && result.user == "me")
        #expect(result.identityFiles == ["/key"] && result.knownHostsFiles == ["/known"] && !result.useAgent)

        let open = SSHConfig.merge(text, into: SSHEndpoint(name: "host", address: "alias")).endpoint
        #expect(open.port == 22 && open.user == "root" && open.identityFiles == ["/etc/hostname"])
        #expect(open.knownHostsFiles.first == "/a" && open.knownHostsFiles.count == 2)
    }

    private static let open: Set<SSHEndpoint.Setting> = [.hostKeyPolicy, .connectTimeout, .keepAlive]
    private static let settings = """
        stricthostkeychecking accept-new
        connecttimeout 7
        serveraliveinterval 40
        serveralivecountmax 5
        identitiesonly yes

        """

    @Test func `what the inventory leaves open is decided by ssh_config`() {
        let open = SSHEndpoint(name: "host", address: "alias", identityFiles: ["/key"], leftOpen: Self.open)
        let result = SSHConfig.merge(Self.settings, into: open).endpoint
        #expect(result.hostKeyPolicy == .acceptNew && result.connectTimeout == .seconds(7))
        #expect(result.keepAlive == .seconds(40) && result.keepAliveCount == 5)
        #expect(result.identitiesOnly && result.leftOpen.isEmpty)

        let given = SSHConfig.merge(Self.settings, into: SSHEndpoint(name: "host", address: "alias")).endpoint
        #expect(given.hostKeyPolicy == .yes && given.connectTimeout == .seconds(10) && given.keepAlive == .seconds(15))
    }

    private static let policies: [(word: String, policy: SSHEndpoint.HostKeyPolicy)] = [
        ("ask", .yes), ("true", .yes), ("yes", .yes), ("accept-new", .acceptNew), ("no", .no), ("off", .no),
        ("false", .no),
    ]

    @Test(arguments: policies)
    func `what ssh prints where nothing is set decides nothing`(word: String, policy: SSHEndpoint.HostKeyPolicy) {
        let open = SSHEndpoint(name: "host", address: "alias", leftOpen: Self.open)
        let text = "stricthostkeychecking \(word)\nconnecttimeout none\nserveraliveinterval 0\nserveralivecountmax 3\n"
        let result = SSHConfig.merge(text, into: open).endpoint
        #expect(result.hostKeyPolicy == policy)
        #expect(result.connectTimeout == .seconds(10) && result.keepAlive == .seconds(15) && result.keepAliveCount == 3)
    }

    @Test func `no time of ssh_config is too long for a socket`() {
        let open = SSHEndpoint(name: "host", address: "alias", leftOpen: Self.open)
        let text = "connecttimeout 4000000000\nserveraliveinterval 4000000000\nserveralivecountmax 4000000000\n"
        let result = SSHConfig.merge(text, into: open).endpoint
        #expect(result.connectTimeout == .seconds(32_767))
        #expect(Int(result.keepAlive.components.seconds) * 1000 * (result.keepAliveCount + 1) < Int(Int32.max))
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a host key policy of ssh_config holds, and no is never silent`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            let known = sshd.scratch.file("learnt")
            let text = block("alias", sshd).replacing(sshd.scratch.file("known_hosts"), with: known)
            var endpoint = alias(transport, sshd)
            endpoint.leftOpen = Self.open
            try sshd.scratch.write(text, to: "ssh_config")
            #expect(try await failure(of: endpoint).code == .hostKeyUnknown)

            try sshd.scratch.write(text + "  StrictHostKeyChecking accept-new\n", to: "ssh_config")
            let notes = Notes()
            try await reach(endpoint, notes: notes)
            #expect(sshd.scratch.read("learnt").contains(sshd.hostKeyText("ed25519")) && notes.all.isEmpty)

            try await sshd.scratch.key("foreign")
            try sshd.scratch.write("\(sshd.name) \(sshd.scratch.read("foreign.pub"))", to: "learnt")
            #expect(try await failure(of: endpoint).code == .hostKeyChanged)
            try sshd.scratch.write(text + "  StrictHostKeyChecking no\n", to: "ssh_config")
            try await reach(endpoint, notes: notes)
            #expect(notes.all.count == 1 && notes.all[0].contains("its host key is not checked"))

            endpoint.leftOpen = []
            #expect(try await failure(of: endpoint).code == .hostKeyChanged, "the inventory's policy wins")
        }
    }

    @Test(arguments: [
        ("proxyjump a,b", "proxyjump"), ("proxycommand nc %h %p", "proxycommand"),
        ("certificatefile ~/c", "certificatefile"),
        ("identityfile ~/.ssh/%u", "identityfile"), ("addressfamily inet6", "addressfamily"), ("proxyjump none", nil),
        ("addressfamily any", nil), ("identityfile ~/.ssh/id_ed25519", nil), ("bindaddress 10.0.0.9", "bindaddress"),
        ("preferredauthentications gssapi-with-mic,publickey", "preferredauthentications"),
        ("preferredauthentications password", "preferredauthentications"),
        ("preferredauthentications keyboard-interactive,publickey,hostbased", nil),
        ("pubkeyauthentication false", "pubkeyauthentication"), ("pubkeyauthentication true", nil),
        ("verifyhostkeydns true", "verifyhostkeydns"), ("verifyhostkeydns false", nil),
    ])
    func `what libssh2 cannot follow is left to ssh`(line: String, option: String?) {
        let endpoint = SSHEndpoint(name: "host", address: "alias")
        #expect(SSHConfig.merge(line, into: endpoint).needsOpenSSH == option)
    }
}
