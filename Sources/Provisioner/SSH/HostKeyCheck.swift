import Foundation
package import ProvisionCore

/// Whether a server's key is accepted, by pins first, then by known_hosts and the policy of ssh_config(5).
package struct HostKeyCheck: Sendable {
    private let endpoint: SSHEndpoint
    private let files: [String]
    package let known: KnownHosts

    /// Reads the endpoint's known_hosts files; a file that does not exist is empty.
    package init(endpoint: SSHEndpoint) {
        self.endpoint = endpoint
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
        files =
            endpoint.knownHostsFiles.isEmpty
            ? ["\(home)/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"] : endpoint.knownHostsFiles
        var known = KnownHosts()
        for file in files {
            if let text = try? String(contentsOfFile: file, encoding: .utf8) { known.read(text, file: file) }
        }
        self.known = known
    }

    private var port: UInt16 { endpoint.port ?? 22 }

    /// Key types in the order in which to ask for them: those that are known first.
    package func preference(of types: [String]) -> [String] {
        let known = known.types(for: endpoint.address, port: port)
        return types.filter(known.contains) + types.filter { !known.contains($0) }
    }

    package enum Decision: Sendable, Equatable {
        case accept
        /// Unknown; a person may decide, and the key is then written down.
        case ask(fingerprint: String)
    }

    /// Accepts, asks, or refuses.
    ///
    /// - Throws: `TransportError` with both fingerprints, the file and the line.
    package func decide(on key: HostKey) throws(TransportError) -> Decision {
        if !endpoint.pinnedHostKeys.isEmpty {
            guard endpoint.pinnedHostKeys.contains(key.fingerprint) else {
                throw error(
                    .hostKeyChanged,
                    "the server has \(key.fingerprint); pinned is \(endpoint.pinnedHostKeys.joined(separator: ", "))",
                    "correct hostKeys in the inventory, if the change is known to be right"
                )
            }
            return .accept
        }
        switch known.verdict(on: key, host: endpoint.address, port: port) {
        case .trusted: return .accept
        case .revoked(let file, let line):
            throw error(.hostKeyRevoked, "\(key.fingerprint) is revoked at \(file):\(line)", "give the host a new key")
        case .changed(let old, let file, let line):
            throw error(
                .hostKeyChanged,
                "the server has \(key.fingerprint), \(file):\(line) says \(old); nothing was sent",
                "find out why; if it is right: ssh-keygen -R '\(name)' -f \(file)"
            )
        case .unknown: return try unknown(key)
        }
    }

    private var name: String { KnownHosts.name(endpoint.address, port: port) }

    private func unknown(_ key: HostKey) throws(TransportError) -> Decision {
        switch endpoint.hostKeyPolicy {
        case .no: return .accept
        case .acceptNew:
            try remember(key)
            return .accept
        case .ask: return .ask(fingerprint: key.fingerprint)
        case .yes:
            throw error(
                .hostKeyUnknown,
                "the server has \(key.type) \(key.fingerprint)",
                "check it, then add this line to \(files[0]):\n\(name) \(key.type) \(key.base64)"
            )
        }
    }

    /// Appends the key to the first known_hosts file, in one write.
    package func remember(_ key: HostKey) throws(TransportError) {
        let file = files[0]
        do {
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            if !FileManager.default.fileExists(atPath: file) {
                _ = FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
            }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
            defer { try? handle.close() }
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("\(name) \(key.type) \(key.base64)\n".utf8))
        } catch {
            throw self.error(.knownHostsUnreadable, "\(file): \(error)", "make it writable, or add the key by hand")
        }
    }

    private func error(_ code: TransportError.Code, _ reason: String, _ remedy: String) -> TransportError {
        TransportError(
            code: code,
            host: endpoint.name,
            attempted: "check the host key of \(name)",
            reason: reason,
            remedy: remedy
        )
    }
}
