import Glibc
import ProvisionCore
import ProvisionSSH
import Testing

@Suite struct HandshakeTests {
    @Test(.timeLimit(.minutes(3)))
    func `nothing weak is offered to a server`() async throws {
        let listener = try LoopbackListener()
        let endpoint = SSHEndpoint(
            name: "host",
            address: "127.0.0.1",
            port: listener.port,
            useAgent: false,
            knownHostsFiles: ["/dev/null"],
            transport: .libssh2,
            honourSSHConfig: false
        )
        async let refused = failure(of: endpoint)
        let offer = try await FirstPacket.offer(to: listener)
        _ = try await refused
        let all = offer.keyExchange + offer.hostKeys + offer.ciphers + offer.codes
        #expect(offer.hostKeys.first == "ssh-ed25519" && offer.ciphers.contains("aes128-ctr"))
        for weak in ["sha1", "cbc", "3des", "arcfour", "md5", "dss", "ssh-rsa", "group1-", "none", "ripemd"] {
            #expect(!all.contains { $0.contains(weak) }, "\(weak)")
        }
    }

    static let servers: [(lines: [String], keys: [String], words: [String])] = [
        (["MACs hmac-sha2-256-etm@openssh.com"], ["ed25519"], ["no common MAC", "hmac-sha2-256-etm", "hmac-sha2-512"]),
        (
            ["Ciphers aes128-gcm@openssh.com"], ["ed25519"],
            ["no common cipher", "aes128-gcm@openssh.com", "aes128-ctr"]
        ),
        ([], ["rsa"], ["no common host key", "rsa-sha2-512", "ssh-ed25519"]),
    ]

    @Test(.timeLimit(.minutes(3)), arguments: servers)
    func `a server beyond libssh2 is explained, and reached by ssh`(
        server: (lines: [String], keys: [String], words: [String])
    ) async throws {
        try await SSHServer.with(server.lines, hostKeys: server.keys) { sshd in
            var endpoint = sshd.endpoint(.libssh2)
            endpoint.hostKeyPolicy = .acceptNew
            endpoint.knownHostsFiles = [sshd.scratch.file("new_hosts")]
            let error = try await failure(of: endpoint)
            #expect(error.code == .algorithmMismatch && !error.stateIsUnknown)
            for word in server.words { #expect(error.reason.contains(word)) }
            #expect(error.reason.contains("libssh2 1."))

            let notes = Notes()
            endpoint.transport = .auto
            try await reach(endpoint, notes: notes)
            #expect(notes.all.contains { $0.contains("using the system's ssh") })
        }
    }

    @Test func `a packet that is no offer is none`() {
        #expect(KeyExchangeOffer(payload: [20, 1, 2]) == nil)
        #expect(KeyExchangeOffer(payload: [21] + Array(repeating: 0, count: 60)) == nil)
    }
}

/// The first packet that a client sends.
enum FirstPacket {
    /// Greets one client as OpenSSH does, and reads what it offers.
    static func offer(to listener: LoopbackListener) async throws -> KeyExchangeOffer {
        try await offMainPool {
            let client = accept(listener.descriptor, nil, nil)
            defer { close(client) }
            let banner = Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)
            send(client, banner, banner.count, 0)
            var bytes: [UInt8] = []
            while true {
                var piece = [UInt8](repeating: 0, count: 4096)
                let count = recv(client, &piece, piece.count, 0)
                bytes += piece.prefix(max(0, count))
                if let end = bytes.firstIndex(of: 0x0A), case let packet = bytes[(end + 1)...], packet.count > 500 {
                    let padding = Int(packet[packet.startIndex + 4])
                    return try #require(KeyExchangeOffer(payload: Array(packet.dropFirst(5).dropLast(padding))))
                }
                try #require(count > 0)
            }
        }
    }
}
