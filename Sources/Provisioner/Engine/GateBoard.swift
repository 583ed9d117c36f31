package import ProvisionCore

/// Which gates are open; lanes wait here for each other.
package actor GateBoard {
    package enum State: Sendable, Equatable {
        case open
        /// Cannot open any more, and why.
        case failed(String)
    }

    private var missing: [Gate: Set<String>] = [:]
    private var settled: [Gate: State] = [:]
    private var waiting: [Gate: [CheckedContinuation<State, Never>]] = [:]

    /// A gate that no host of the plan opens is open: with a limited run it is taken from what already stands.
    package init(plan: Plan) {
        for gate in plan.gates {
            let openers = Set(plan.openers(of: gate))
            if !openers.isEmpty { missing[gate] = openers }
        }
    }

    /// `nil` while nobody knows.
    package func state(of gate: Gate) -> State? { settled[gate] ?? (missing[gate] == nil ? .open : nil) }

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
        guard settled[gate] == nil else { return false }
        missing[gate]?.remove(host)
        guard gate.opensWithFirst || missing[gate]?.isEmpty ?? true else { return false }
        settle(gate, .open)
        return true
    }

    /// A host will not do its part any more.
    package func fail(_ gate: Gate, by host: String, reason: String) {
        guard settled[gate] == nil, missing[gate]?.contains(host) ?? false else { return }
        if gate.opensWithFirst {
            missing[gate]?.remove(host)
            guard missing[gate]?.isEmpty ?? true else { return }
        }
        settle(gate, .failed(reason))
    }

    private func settle(_ gate: Gate, _ state: State) {
        settled[gate] = state
        for continuation in waiting.removeValue(forKey: gate) ?? [] { continuation.resume(returning: state) }
    }
}
