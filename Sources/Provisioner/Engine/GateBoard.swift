package import ProvisionCore

/// Which gates are open; lanes wait here for each other.
package actor GateBoard {
    package enum State: Sendable, Equatable {
        case open
        /// Cannot open any more, and why.
        case failed(String)
    }

    /// The openers of one gate.
    private struct Tally {
        var needed: Int
        var passed = 0
        /// Hosts that have neither passed nor failed.
        var missing: Set<String>
        /// Whether it stays shut until nobody is missing any more.
        var waitsForAll: Bool

        var isEnough: Bool { passed >= needed && (!waitsForAll || missing.isEmpty) }
        var isHopeless: Bool { passed + missing.count < needed }
    }

    private var tallies: [Gate: Tally] = [:]
    private var settled: [Gate: State] = [:]
    private var waiting: [Gate: [CheckedContinuation<State, Never>]] = [:]

    /// A gate that no host of the plan opens is open: with a limited run it is taken from what already stands.
    ///
    /// A quorum that is being founded is there with its majority. While a standing one rolls, member by member, nobody
    /// who depends on it moves until the last has passed or failed. So it is with load balancers, of which one is enough.
    ///
    /// - Parameters:
    ///   - plan: Whose gates.
    ///   - serving: The groups that serve already.
    package init(plan: Plan, serving: Set<RollingGroup> = []) {
        for gate in plan.gates {
            let openers = Set(plan.openers(of: gate))
            guard !openers.isEmpty else { continue }
            tallies[gate] = Tally(
                needed: gate.needed(of: openers.count),
                missing: openers,
                waitsForAll: gate.opensWithLast || gate.opensWithMajority && serving.contains(.etcd)
            )
        }
    }

    /// `nil` while nobody knows.
    package func state(of gate: Gate) -> State? { settled[gate] ?? (tallies[gate] == nil ? .open : nil) }

    package func wait(for gate: Gate) async -> State {
        if let state = state(of: gate) { return state }
        return await withCheckedContinuation { waiting[gate, default: []].append($0) }
    }

    /// A host did its part.
    ///
    /// - Parameters:
    ///   - gate: The gate.
    ///   - host: Who did its part.
    /// - Returns: Whether this opened the gate.
    package func pass(_ gate: Gate, by host: String) -> Bool {
        guard settled[gate] == nil, tallies[gate]?.missing.remove(host) != nil else { return false }
        tallies[gate]?.passed += 1
        return openIfEnough(gate)
    }

    /// A host will not do its part any more.
    ///
    /// - Parameters:
    ///   - gate: The gate.
    ///   - host: Who will not do its part.
    ///   - reason: Why, for those who wait.
    /// - Returns: Whether this opened the gate: the last one that was waited for may be one that fails.
    @discardableResult
    package func fail(_ gate: Gate, by host: String, reason: String) -> Bool {
        guard settled[gate] == nil, tallies[gate]?.missing.remove(host) != nil else { return false }
        if tallies[gate]?.isHopeless ?? true {
            settle(gate, .failed(reason))
            return false
        }
        return openIfEnough(gate)
    }

    private func openIfEnough(_ gate: Gate) -> Bool {
        guard tallies[gate]?.isEnough ?? false else { return false }
        settle(gate, .open)
        return true
    }

    private func settle(_ gate: Gate, _ state: State) {
        settled[gate] = state
        for continuation in waiting.removeValue(forKey: gate) ?? [] { continuation.resume(returning: state) }
    }
}
