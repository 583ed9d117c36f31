import ProvisionCore

/// What `ssh` says on its standard error, as codes; in the C locale its words are stable.
enum OpenSSHFailure {
    private static let table: [(String, TransportError.Code, String)] = [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged, "find out why; if it is right: ssh-keygen -R HOST"),
        ("Host key verification failed", .hostKeyUnknown, "check the key, then add it to known_hosts"),
        ("Could not resolve hostname", .nameNotResolved, "check the address in the inventory"),
        ("Connection refused", .refused, "start sshd on the host, or correct ssh.port"),
        ("timed out", .unreachable, "check that the host is up, and firewalls between"),
        ("No route to host", .unreachable, "check that the host is up, its address, and routes"),
        ("Network is unreachable", .unreachable, "check the address and routes"),
        ("Too many authentication failures", .tooManyKeys, "name the right key in ssh.identityFiles"),
        ("UNPROTECTED PRIVATE KEY FILE", .keyPermissions, "chmod 600 the key"),
        ("Permission denied", .authenticationFailed, "name a key whose public half lies in authorized_keys"),
        ("Unable to negotiate", .algorithmMismatch, "look at the algorithms of both sides: ssh -vv"),
    ]

    static func error(_ text: String, endpoint: SSHEndpoint) -> TransportError {
        let found = table.first { text.contains($0.0) }
        return TransportError(
            code: found?.1 ?? .protocolFailure,
            host: endpoint.name,
            attempted: "connect to \(endpoint.address) with ssh",
            reason: text.split(separator: "\n").suffix(3).joined(separator: "; "),
            remedy: found?.2 ?? "try: ssh -v \(endpoint.address)"
        )
    }

    static func lost(_ endpoint: SSHEndpoint, _ reason: String) -> TransportError {
        TransportError(
            code: .connectionLost,
            host: endpoint.name,
            attempted: "run a command on \(endpoint.address) with ssh",
            reason: reason,
            remedy: "what the command did is unknown; run the same again, it asks the host first"
        )
    }
}
