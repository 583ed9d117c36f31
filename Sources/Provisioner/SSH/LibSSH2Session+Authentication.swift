internal import CLibSSH2
import Foundation
import ProvisionCore
import Templates

/// Logging in: the configured keys first, in their order, then the agent.
extension LibSSH2Session {
    func authenticate(deadline: Deadline) throws(TransportError) {
        let user = endpoint.user ?? NSUserName()
        var failures: [String] = []
        for path in endpoint.identityFiles {
            guard let why = try tryKey(path, user: user, deadline: deadline) else { return }
            failures.append("\(path): \(why)")
        }
        if endpoint.useAgent, ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"] != nil {
            guard let why = try tryAgent(user: user, deadline: deadline) else { return }
            failures.append("agent: \(why)")
        }
        throw failure(
            .authenticationFailed,
            "log in as \(user) on \(endpoint.address)",
            failures.isEmpty ? "there is no key to try" : failures.joined(separator: "; "),
            "name a key in ssh.identityFiles whose public half lies in \(user)'s authorized_keys, or load it into the agent"
        )
    }

    /// `nil` when logged in, else why not.
    private func tryKey(_ path: String, user: String, deadline: Deadline) throws(TransportError) -> String? {
        let attempted = "log in as \(user) with \(path)"
        guard let text = FileManager.default.contents(atPath: path) else { return "cannot be read" }
        let mode = (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0
        guard mode & 0o077 == 0 else {
            throw failure(
                .keyPermissions,
                attempted,
                "the key's mode is \(String(mode, radix: 8)): others can read it",
                "chmod 600 \(path)"
            )
        }
        let phrase = endpoint.passphrase?.reveal()
        let code = try wait(attempted, until: deadline) {
            Int(libssh2_userauth_publickey_fromfile_ex(pointer, user, UInt32(user.utf8.count), nil, path, phrase))
        }
        guard code != 0 else { return nil }
        if code == Int(LIBSSH2_ERROR_FILE) || code == -19 || code == -1, Self.isEncrypted(text) {
            throw failure(
                .passphraseNeeded,
                attempted,
                phrase == nil ? "the key is encrypted" : "the passphrase is wrong",
                "use ssh.passphraseFile, or load the key into ssh-agent"
            )
        }
        if code == -19 { throw tooManyKeys(attempted) }
        return Self.isRSA(text)
            ? "refused: libssh2 1.10 signs RSA with SHA-1 only, which OpenSSH 8.8 and newer refuse; use an ed25519 key, or ssh.transport: openssh"
            : lastError
    }

    private func tryAgent(user: String, deadline: Deadline) throws(TransportError) -> String? {
        guard let agent = libssh2_agent_init(pointer) else { return "cannot be used" }
        defer { libssh2_agent_free(agent) }
        libssh2_session_set_blocking(pointer, 1)
        defer { libssh2_session_set_blocking(pointer, 0) }
        guard libssh2_agent_connect(agent) == 0, libssh2_agent_list_identities(agent) == 0 else {
            return "does not answer"
        }
        defer { libssh2_agent_disconnect(agent) }
        var identity: UnsafeMutablePointer<libssh2_agent_publickey>?
        var previous: UnsafeMutablePointer<libssh2_agent_publickey>?
        var tried = 0
        while libssh2_agent_get_identity(agent, &identity, previous) == 0 {
            let code = libssh2_agent_userauth(agent, user, identity)
            if code == 0 { return nil }
            tried += 1
            if code == -19 || code == LIBSSH2_ERROR_SOCKET_DISCONNECT {
                throw tooManyKeys("log in as \(user) with the agent's keys")
            }
            previous = identity
        }
        return "none of its \(tried) keys is accepted"
    }

    private func tooManyKeys(_ attempted: String) -> TransportError {
        failure(
            .tooManyKeys,
            attempted,
            "the server ended the connection: too many keys were tried (MaxAuthTries)",
            "name the right key in ssh.identityFiles; it is tried first"
        )
    }

    private static func isEncrypted(_ text: Data) -> Bool {
        let key = String(decoding: text, as: UTF8.self)
        if key.contains("ENCRYPTED") { return true }
        let body = key.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let blob = Data(base64Encoded: body), blob.count > 40, blob.starts(with: Data("openssh-key-v1\0".utf8))
        else { return false }
        return !blob.dropFirst(19).starts(with: Data("none".utf8))
    }

    private static func isRSA(_ text: Data) -> Bool {
        let key = String(decoding: text, as: UTF8.self)
        let body = key.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        return key.contains("BEGIN RSA")
            || (Data(base64Encoded: body).map { $0.range(of: Data("ssh-rsa".utf8)) != nil } ?? false)
    }
}
