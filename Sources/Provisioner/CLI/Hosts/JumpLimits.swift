import ProvisionEngine

/// Logins through jump hosts, so many at once through each.
///
/// sshd drops handshakes at random when too many come at once (MaxStartups); a jump host sees those of all its hosts.
actor JumpLimits {
    private let limit: Int
    private var limiters: [String: Limiter] = [:]

    init(_ limit: Int) { self.limit = limit }

    /// Does something once every one of the jump hosts has room for it.
    nonisolated func run<Answer: Sendable>(
        through jumps: [String],
        _ login: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        // In one order for all, so that no two wait for what the other one holds.
        await run(through: Set(jumps).sorted()[...], login)
    }

    private nonisolated func run<Answer: Sendable>(
        through jumps: ArraySlice<String>,
        _ login: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        guard let jump = jumps.first else { return await login() }
        return await limiter(jump).run { await run(through: jumps.dropFirst(), login) }
    }

    private func limiter(_ jump: String) -> Limiter {
        let limiter = limiters[jump] ?? Limiter(limit)
        limiters[jump] = limiter
        return limiter
    }
}
