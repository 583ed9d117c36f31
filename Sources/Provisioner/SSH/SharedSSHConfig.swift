import ProvisionCore

/// ssh_config for the hosts of a run: `ssh -G` is asked once for all that its files cannot tell apart.
actor SharedSSHConfig {
    /// The first answer, by what else `ssh -G` was told.
    private var answers: [[String]: SSHConfigAnswer] = [:]
    private var waiting: [[String]: [CheckedContinuation<Void, Never>]] = [:]

    func resolve(_ endpoint: SSHEndpoint) async throws(TransportError) -> SSHConfig.Resolution {
        guard SSHConfig.isOpen(endpoint) else { return SSHConfig.Resolution(endpoint) }
        let key = SSHConfig.arguments(endpoint)
        while waiting[key] != nil { await withCheckedContinuation { waiting[key, default: []].append($0) } }
        guard let answer = answers[key] else { return try await first(endpoint, key) }
        guard answer.holds(for: endpoint.address) else { return try await SSHConfig.resolve(endpoint) }
        var resolution = SSHConfig.merge(answer.text, into: endpoint)
        resolution.endpoint.address = endpoint.address
        return resolution
    }

    private func first(_ endpoint: SSHEndpoint, _ key: [String]) async throws(TransportError) -> SSHConfig.Resolution {
        waiting[key] = []
        defer { for continuation in waiting.removeValue(forKey: key) ?? [] { continuation.resume() } }
        answers[key] = .own
        guard let answer = try await SSHConfig.answer(for: endpoint) else { return SSHConfig.Resolution(endpoint) }
        answers[key] = answer
        return SSHConfig.merge(answer.text, into: endpoint)
    }
}
