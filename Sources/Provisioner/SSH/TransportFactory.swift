package import ProvisionCore

/// Opens the transport that an endpoint asks for; `auto` is libssh2, and the system's `ssh` where libssh2 cannot.
package struct TransportFactory: Sendable {
    /// Shows a key's fingerprint to a person; true when it is right.
    package typealias Ask = @Sendable (_ host: String, _ fingerprint: String) -> Bool

    /// Lets a login begin once its jump hosts have room, which are named by their addresses.
    package typealias Turn =
        @Sendable (
            _ jumps: [String],
            _ login: @escaping @Sendable () async -> Result<any Transport, TransportError>
        ) async -> Result<any Transport, TransportError>

    private let configs = SharedSSHConfig()
    private let counters: TransportCounters
    private let ask: Ask?
    private let turn: Turn
    /// Hears why `auto` chose the system's `ssh`.
    private let note: @Sendable (String) -> Void

    package init(
        counters: TransportCounters,
        ask: Ask? = nil,
        turn: @escaping Turn = { _, login in await login() },
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.counters = counters
        self.ask = ask
        self.turn = turn
        self.note = note
    }

    package func open(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        if endpoint.transport == .local { return LocalTransport(endpoint: endpoint, counters: counters) }
        let resolved = try await resolution(of: endpoint)
        warn(of: resolved.endpoint, given: endpoint)
        switch endpoint.transport {
        case .openssh: return try await openSSH(endpoint, resolved)
        case .libssh2:
            if let why = try obstacle(resolved) { throw cannot(endpoint, why) }
            return try await libSSH2(resolved.endpoint)
        case .auto, .local: return try await automatic(endpoint, resolved)
        }
    }

    private func resolution(of endpoint: SSHEndpoint) async throws(TransportError) -> SSHConfig.Resolution {
        guard endpoint.transport == .openssh else { return try await configs.resolve(endpoint) }
        // ssh itself says what its configuration cannot do.
        return (try? await configs.resolve(endpoint)) ?? SSHConfig.Resolution(endpoint)
    }

    /// The inventory's own words are warned about where they stand; those of ssh_config may stand there for other hosts.
    private func warn(of resolved: SSHEndpoint, given endpoint: SSHEndpoint) {
        guard endpoint.leftOpen.contains(.hostKeyPolicy), resolved.hostKeyPolicy == .no,
            endpoint.pinnedHostKeys.isEmpty
        else { return }
        note(
            "\(endpoint.name): StrictHostKeyChecking no of ssh_config: its host key is not checked, anyone on the way can "
                + "read what is sent, keys included; ssh.hostKeyPolicy wins over it"
        )
    }

    private func automatic(
        _ endpoint: SSHEndpoint,
        _ resolved: SSHConfig.Resolution
    ) async throws(TransportError) -> any Transport {
        if let why = try obstacle(resolved) {
            note("\(endpoint.name): \(why) needs the system's ssh")
            return try await openSSH(endpoint, resolved)
        }
        do throws(TransportError) { return try await libSSH2(resolved.endpoint) } catch {
            guard error.code == .algorithmMismatch else { throw error }
            note("\(endpoint.name): \(error.reason); using the system's ssh")
            return try await openSSH(endpoint, resolved)
        }
    }

    /// What libssh2 or we cannot follow, known before connecting.
    private func obstacle(_ resolved: SSHConfig.Resolution) throws(TransportError) -> String? {
        if !resolved.endpoint.jumps.isEmpty { return "a jump host" }
        if let option = resolved.needsOpenSSH { return "\(option) of ssh_config" }
        guard resolved.endpoint.pinnedHostKeys.isEmpty else { return nil }
        return try HostKeyCheck(endpoint: resolved.endpoint).hasAuthority ? "@cert-authority of known_hosts" : nil
    }

    private func cannot(_ endpoint: SSHEndpoint, _ why: String) -> TransportError {
        TransportError(
            code: .localFailure,
            host: endpoint.name,
            attempted: "connect to \(endpoint.address) with libssh2",
            reason: "\(why) needs the system's ssh",
            remedy: "use ssh.transport: auto or openssh"
        )
    }

    private func libSSH2(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        let transport = LibSSH2Transport(endpoint: endpoint, counters: counters)
        guard let key = try await transport.connect() else { return transport }
        try confirm(key, endpoint)
        let second = LibSSH2Transport(endpoint: endpoint, counters: counters)
        if let other = try await second.connect(accepting: key) { throw changed(other, from: key, endpoint) }
        return second
    }

    private func openSSH(
        _ endpoint: SSHEndpoint,
        _ resolved: SSHConfig.Resolution
    ) async throws(TransportError) -> any Transport {
        let endpoint = await decided(endpoint.adopting(resolved.endpoint))
        guard !resolved.jumps.isEmpty else { return try await openSSH(endpoint) }
        let opened = await turn(resolved.jumps) {
            do throws(TransportError) { return .success(try await openSSH(endpoint)) } catch { return .failure(error) }
        }
        return try opened.get()
    }

    /// The same for the jump hosts of the inventory; those of ssh_config are for `ssh` alone.
    private func decided(_ endpoint: SSHEndpoint) async -> SSHEndpoint {
        var result = endpoint
        for index in result.jumps.indices {
            let jump = result.jumps[index]
            guard let resolved = try? await configs.resolve(jump).endpoint else { continue }
            warn(of: resolved, given: jump)
            result.jumps[index] = jump.adopting(resolved)
        }
        return result
    }

    private func openSSH(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        let transport = OpenSSHTransport(endpoint: endpoint, counters: counters)
        guard let key = try await transport.connect() else { return transport }
        try confirm(key, try await SSHConfig.resolve(endpoint).endpoint)
        if let other = try await transport.connect(accepting: key) { throw changed(other, from: key, endpoint) }
        return transport
    }

    private func confirm(_ key: HostKey, _ endpoint: SSHEndpoint) throws(TransportError) {
        guard let ask, ask(endpoint.name, "\(key.type) \(key.fingerprint)") else {
            throw try HostKeyCheck(endpoint: endpoint).refusal(of: key)
        }
    }

    private func changed(_ key: HostKey, from old: HostKey, _ endpoint: SSHEndpoint) -> TransportError {
        TransportError(
            code: .hostKeyChanged,
            host: endpoint.name,
            attempted: "check the host key of \(endpoint.address)",
            reason: "it was \(old.fingerprint) a moment ago, and is \(key.fingerprint) now",
            remedy: "find out who answers at that address"
        )
    }
}
