import Foundation
package import ProvisionCore

/// Whether a server's key is accepted, by pins first, then by known_hosts and the policy of ssh_config(5).
package struct HostKeyCheck: Sendable {
    private let endpoint: SSHEndpoint
    private let files: [String]
    package let known: KnownHosts

    /// Reads the endpoint's known_hosts files; a file that does not exist is empty.
    ///
    /// - Throws: `TransportError` when a file is there but cannot be read: its hosts must not pass for unknown ones.
    package init(endpoint: SSHEndpoint) throws(TransportError) {
        self.endpoint = endpoint
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
        files =
            endpoint.knownHostsFiles.isEmpty
            ? ["\(home)/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"] : endpoint.knownHostsFiles
        var known = KnownHosts()
        for file in files {
            do { known.add(KnownHostsFile.parsed(try KnownHostsFile(path: file).read(), of: file)) } catch {
                throw Self.error(.knownHostsUnreadable, endpoint, "\(file): \(error)", "make it readable")
            }
        }
        self.known = known
    }

    /// The name and port to look up: an alias stands alone, whatever the port.
    private var subject: (host: String, port: UInt16) { Self.subject(of: endpoint) }

    private static func subject(of endpoint: SSHEndpoint) -> (host: String, port: UInt16) {
        endpoint.hostKeyAlias.map { ($0, 22) } ?? (endpoint.address, endpoint.port ?? 22)
    }

    private var name: String { KnownHosts.name(subject.host, port: subject.port) }

    /// The key types by which the host is known.
    package var knownTypes: [String] { known.types(for: subject.host, port: subject.port) }

    /// Whether the host is known by a certificate authority, which libssh2 cannot check.
    package var hasAuthority: Bool { known.hasAuthority(for: subject.host, port: subject.port) }

    package enum Decision: Sendable, Equatable {
        case accept
        /// Unknown; a person may decide, and the key is then written down.
        case ask(fingerprint: String)
    }

    /// Accepts, asks, or refuses.
    ///
    /// - Throws: `TransportError` with both fingerprints, the file and the line.
    package func decide(on key: HostKey) throws(TransportError) -> Decision {
        guard endpoint.pinnedHostKeys.isEmpty else { return try decideByPins(key) }
        switch known.verdict(on: key, host: subject.host, port: subject.port) {
        case .trusted: return .accept
        case .revoked(let file, let line):
            throw error(.hostKeyRevoked, "\(key.fingerprint) is revoked at \(file):\(line)", "give the host a new key")
        case .changed where endpoint.hostKeyPolicy == .no: return .accept
        case .changed(let old, let file, let line):
            throw error(
                .hostKeyChanged,
                "the server has \(key.type) \(key.fingerprint), \(file):\(line) says \(old); nothing was sent",
                "find out why; if it is right: ssh-keygen -R '\(name)' -f \(file)"
            )
        case .unknown: return try unknown(key)
        }
    }

    private func decideByPins(_ key: HostKey) throws(TransportError) -> Decision {
        if endpoint.pinnedHostKeys.contains(key.fingerprint) { return .accept }
        let pins = endpoint.pinnedHostKeys.joined(separator: ", ")
        throw error(
            .hostKeyChanged,
            "the server has \(key.type) \(key.fingerprint); pinned is \(pins)",
            "correct hostKeys in the inventory, if the change is known to be right"
        )
    }

    private func unknown(_ key: HostKey) throws(TransportError) -> Decision {
        switch endpoint.hostKeyPolicy {
        case .no, .acceptNew:
            try remember(key)
            return .accept
        case .ask: return .ask(fingerprint: key.fingerprint)
        case .yes: throw refusal(of: key)
        }
    }

    /// The error for an unknown key that nobody vouches for, with the line that would make it known.
    package func refusal(of key: HostKey) -> TransportError {
        error(
            .hostKeyUnknown,
            "the server has \(key.type) \(key.fingerprint)",
            "check it, then add this line to \(files[0]):\n\(line(for: key))"
        )
    }

    private func line(for key: HostKey) -> String { "\(name) \(key.type) \(key.base64)" }

    /// Appends the key to the first known_hosts file.
    package func remember(_ key: HostKey) throws(TransportError) {
        do { try KnownHostsFile(path: files[0]).append(line(for: key)) } catch {
            throw self.error(
                .knownHostsUnreadable,
                "\(files[0]): \(error)",
                "make it writable, or add the key by hand"
            )
        }
    }

    private func error(_ code: TransportError.Code, _ reason: String, _ remedy: String) -> TransportError {
        Self.error(code, endpoint, reason, remedy)
    }

    private static func error(
        _ code: TransportError.Code,
        _ endpoint: SSHEndpoint,
        _ reason: String,
        _ remedy: String
    ) -> TransportError {
        let subject = subject(of: endpoint)
        return TransportError(
            code: code,
            host: endpoint.name,
            attempted: "check the host key of \(KnownHosts.name(subject.host, port: subject.port))",
            reason: reason,
            remedy: remedy
        )
    }
}
