package import ProvisionCore

/// Opens the transport that an endpoint asks for; `auto` is libssh2, and the system's `ssh` where libssh2 cannot.
package struct TransportFactory: Sendable {
    /// Shows a key's fingerprint to a person; true when it is right.
    package typealias Ask = @Sendable (_ host: String, _ fingerprint: String) -> Bool

    private let counters: TransportCounters
    private let ask: Ask?
    /// Hears why `auto` chose the system's `ssh`.
    private let note: @Sendable (String) -> Void

    package init(counters: TransportCounters, ask: Ask? = nil, note: @escaping @Sendable (String) -> Void = { _ in }) {
        self.counters = counters
        self.ask = ask
        self.note = note
    }

    package func open(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        let endpoint = await SSHConfig.resolve(endpoint)
        switch endpoint.transport {
        case .local: return LocalTransport(endpoint: endpoint, counters: counters)
        case .openssh: return try await openSSH(endpoint)
        case .libssh2: return try await libSSH2(endpoint)
        case .auto:
            guard endpoint.jumps.isEmpty else {
                note("\(endpoint.name): jump hosts go through the system's ssh")
                return try await openSSH(endpoint)
            }
            return try await automatic(endpoint)
        }
    }

    private func automatic(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        do throws(TransportError) { return try await libSSH2(endpoint) } catch {
            let isRSA = error.code == .authenticationFailed && error.reason.contains("RSA")
            guard error.code == .algorithmMismatch || isRSA else { throw error }
            note("\(endpoint.name): \(error.reason); using the system's ssh")
            return try await openSSH(endpoint)
        }
    }

    private func libSSH2(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        let transport = LibSSH2Transport(endpoint: endpoint, counters: counters)
        guard let key = try await transport.connect() else { return transport }
        guard let ask, ask(endpoint.name, "\(key.type) \(key.fingerprint)") else {
            throw TransportError(
                code: .hostKeyUnknown,
                host: endpoint.name,
                attempted: "check the host key of \(endpoint.address)",
                reason: "the server has \(key.type) \(key.fingerprint)",
                remedy:
                    "check it, then add this line to known_hosts:\n\(KnownHosts.name(endpoint.address, port: endpoint.port ?? 22)) \(key.type) \(key.base64)"
            )
        }
        let second = LibSSH2Transport(endpoint: endpoint, counters: counters)
        _ = try await second.connect(accepting: key)
        return second
    }

    private func openSSH(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        let transport = OpenSSHTransport(endpoint: endpoint, counters: counters)
        try await transport.connect()
        return transport
    }
}
