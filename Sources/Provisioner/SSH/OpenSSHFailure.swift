import ProvisionCore

/// What `ssh` says in its log, as codes; in the C locale its words are stable.
enum OpenSSHFailure {
    private static let table: [(String, TransportError.Code, String)] = [
        ("REVOKED HOST KEY DETECTED", .hostKeyRevoked, "give the host a new key"),
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged, "find out why; if it is right: ssh-keygen -R HOST"),
        ("Host key verification failed", .hostKeyUnknown, "check the key, then add it to known_hosts"),
        ("Could not resolve hostname", .nameNotResolved, "check the address in the inventory"),
        ("Name or service not known", .nameNotResolved, "check the address; the last jump host resolves it"),
        ("administratively prohibited", .protocolFailure, "let the jump host's sshd forward: AllowTcpForwarding yes"),
        ("Connection refused", .refused, "start sshd on the host, or correct ssh.port"),
        ("timed out", .unreachable, "check that the host is up, that its port is sshd's, and firewalls between"),
        ("No route to host", .unreachable, "check that the host is up, its address, and routes"),
        ("Network is unreachable", .unreachable, "check the address and routes"),
        ("Too many authentication failures", .tooManyKeys, "name the right key in ssh.identityFiles"),
        ("UNPROTECTED PRIVATE KEY FILE", .keyPermissions, "chmod 600 the key"),
        ("Permission denied", .authenticationFailed, "name a key whose public half lies in authorized_keys"),
        ("Unable to negotiate", .algorithmMismatch, "look at the algorithms of both sides: ssh -vv"),
        ("Bad owner or permissions", .localFailure, "chown and chmod 600 that file, as ssh wants it"),
    ]

    /// The first row of the table that the log holds; `nil` when it says nothing of a failure.
    static func error(_ log: String, hop: SSHEndpoint, of endpoint: SSHEndpoint) -> TransportError? {
        guard let row = table.first(where: { log.contains($0.0) }) else { return nil }
        return error(row.1, words(log), hop, endpoint, row.2)
    }

    /// For words that the table does not know.
    static func unknown(_ words: String, _ endpoint: SSHEndpoint) -> TransportError {
        error(.protocolFailure, words, endpoint, endpoint, "try: ssh -v \(endpoint.address)")
    }

    static func error(
        _ code: TransportError.Code,
        _ reason: String,
        _ hop: SSHEndpoint,
        _ endpoint: SSHEndpoint,
        _ remedy: String
    ) -> TransportError {
        TransportError(
            code: code,
            host: endpoint.name,
            attempted: hop == endpoint
                ? "connect to \(endpoint.address) with ssh" : "connect to the jump host \(hop.address) with ssh",
            reason: reason,
            remedy: remedy
        )
    }

    static func lost(_ endpoint: SSHEndpoint, _ reason: String) -> TransportError {
        TransportError(
            code: .connectionLost,
            host: endpoint.name,
            attempted: "run a command on \(endpoint.address) with ssh",
            reason: reason.isEmpty ? "ssh ended without a word" : reason,
            remedy: "what the command did is unknown; run the same again, it asks the host first"
        )
    }

    /// The last lines that are no debug output, as one.
    static func words(_ log: String) -> String {
        let noise = ["debug", "@@@", "OpenSSH_"]
        return log.split(whereSeparator: \.isNewline).filter { line in !noise.contains { line.hasPrefix($0) } }
            .suffix(3).joined(separator: "; ")
    }
}
