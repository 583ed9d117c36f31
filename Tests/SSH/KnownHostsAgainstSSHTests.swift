import Foundation
import ProvisionCore
import ProvisionSSH
import Testing

/// What a known_hosts file says about a server, by each of our transports and by `ssh` itself.
@Suite struct KnownHostsAgainstSSHTests {
    struct Row: Sendable {
        var title: String
        /// `nil` means accepted.
        var refusal: TransportError.Code?
        var text: @Sendable (SSHServer) async throws -> String
    }

    static let rows: [Row] = [
        Row(title: "right key", refusal: nil) { "\($0.name) \($0.hostKeyText("ecdsa"))\n" },
        Row(title: "comment, no newline at the end", refusal: nil) {
            "# first\n\n  \($0.name) \($0.hostKeyText("ecdsa")) root@host #1"
        },
        Row(title: "hashed", refusal: nil) { try await hashed($0) },
        Row(title: "only the ed25519 key", refusal: nil) { "\($0.name) \($0.hostKeyText("ed25519"))\n" },
        Row(title: "another ecdsa key", refusal: .hostKeyChanged) { "\($0.name) \(try await foreign("ecdsa", $0))\n" },
        Row(title: "another key beside the right one", refusal: nil) {
            "\($0.name) \(try await foreign("ecdsa", $0))\n\($0.name) \($0.hostKeyText("ecdsa"))\n"
        },
        Row(title: "another ed25519 key beside the right ecdsa one", refusal: .hostKeyChanged) {
            "\($0.name) \($0.hostKeyText("ecdsa"))\n\($0.name) \(try await foreign("ed25519", $0))\n"
        },
        Row(title: "revoked", refusal: .hostKeyRevoked) {
            let line = "\($0.name) \($0.hostKeyText("ed25519"))\n"
            return line + "@revoked * \($0.hostKeyText("ed25519"))\n"
        },
        Row(title: "revoked, and the server has another", refusal: .hostKeyChanged) {
            let line = "\($0.name) \($0.hostKeyText("ecdsa"))\n"
            return line + "@revoked * \($0.hostKeyText("ecdsa"))\n"
        },
        Row(title: "one of two keys revoked", refusal: nil) {
            $0.knownHosts() + "@revoked * \($0.hostKeyText("ed25519"))\n"
        },
        Row(title: "wildcard", refusal: nil) { "[127.0.0.*]:\($0.port) \($0.hostKeyText("ecdsa"))\n" },
        Row(title: "wildcard with an exception", refusal: .hostKeyUnknown) {
            "[127.0.0.*]:\($0.port),!\($0.name) \($0.hostKeyText("ecdsa"))\n"
        },
        Row(title: "garbage, then the right line", refusal: nil) {
            "garbage\n\($0.name) ecdsa-sha2-nistp256 !!!\n\($0.name) \($0.hostKeyText("ecdsa"))\n"
        },
        Row(title: "CR-LF", refusal: nil) { "other ssh-ed25519 AAAA\r\n\($0.name) \($0.hostKeyText("ecdsa"))\r\n" },
        Row(title: "another key, in CR-LF", refusal: .hostKeyChanged) {
            "# a\r\n\($0.name) \(try await foreign("ecdsa", $0))\r\n"
        },
        Row(title: "the name without the port", refusal: nil) { "127.0.0.1 \($0.hostKeyText("ed25519"))\n" },
        Row(title: "another port", refusal: .hostKeyUnknown) { "[127.0.0.1]:9 \($0.hostKeyText("ecdsa"))\n" },
        Row(title: "only an authority", refusal: .hostKeyUnknown) {
            "@cert-authority \($0.name) \($0.hostKeyText("ecdsa"))\n"
        },
        Row(title: "empty", refusal: .hostKeyUnknown) { _ in "" },
    ]

    @Test(.timeLimit(.minutes(3)))
    func `the verdict is that of ssh on the same file`() async throws {
        try await SSHServer.with { sshd in
            for (index, row) in Self.rows.enumerated() {
                let path = try sshd.scratch.write(try await row.text(sshd), to: "known-\(index)")
                let byHand = try await ssh(path, sshd)
                #expect(byHand.status == (row.refusal == nil ? 0 : 255), "\(row.title): \(byHand.errors)")
                for transport in transports {
                    let verdict = await code(transport, path, sshd)
                    // libssh2 alone knows no authorities; `auto` would not have asked it.
                    let isForSSH = transport == .libssh2 && row.title == "only an authority"
                    #expect(verdict == (isForSSH ? .localFailure : row.refusal), "\(row.title) over \(transport)")
                }
            }
        }
    }

    private func code(
        _ transport: SSHEndpoint.TransportChoice,
        _ path: String,
        _ sshd: SSHServer
    ) async -> TransportError.Code? {
        var endpoint = sshd.endpoint(transport)
        endpoint.knownHostsFiles = [path]
        do {
            try await reach(endpoint)
            return nil
        } catch { return (error as? TransportError)?.code }
    }

    private func ssh(_ path: String, _ sshd: SSHServer) async throws -> ToolResult {
        let options = [
            "StrictHostKeyChecking=yes", "BatchMode=yes", "UserKnownHostsFile=\(path)",
            "GlobalKnownHostsFile=/dev/null",
            "IdentitiesOnly=yes",
        ].flatMap { ["-o", $0] }
        let target = ["-F", "none", "-i", sshd.userKey, "-p", "\(sshd.port)", "root@127.0.0.1", "true"]
        return try await tool("ssh", options + target, mayFail: true)
    }

    private static func hashed(_ sshd: SSHServer) async throws -> String {
        let path = try sshd.scratch.write(sshd.knownHosts(), to: "hashed")
        try await tool("ssh-keygen", ["-H", "-f", path])
        let text = sshd.scratch.read("hashed")
        #expect(text.hasPrefix("|1|"))
        return text
    }

    private static func foreign(_ type: String, _ sshd: SSHServer) async throws -> String {
        let name = "foreign-\(UInt32.random(in: 0 ... .max))"
        try await sshd.scratch.key(name, type: type)
        return sshd.scratch.read("\(name).pub")
    }
}
