package import ProvisionCore

/// Lets the hosts of a rolling group act one at a time, or in waves, and nobody after one has failed.
package actor Turnstile {
    private let widths: [RollingGroup: Int]
    /// Who is inside, who must stop and who waits, by turn: several groups may share one.
    private var busy: [RollingGroup: Int] = [:]
    private var broken: [RollingGroup: String] = [:]
    private var queues: [RollingGroup: [CheckedContinuation<Void, Never>]] = [:]
    /// Hosts that go before all others.
    private var first: [RollingGroup: Set<String>]
    private var held: [RollingGroup: [CheckedContinuation<Void, Never>]] = [:]

    /// One at a time where no width is given.
    package init(widths: [RollingGroup: Int] = [:], first: [RollingGroup: Set<String>] = [:]) {
        self.widths = widths
        self.first = first
    }

    /// As wide as each group's members in a plan allow.
    ///
    /// - Parameters:
    ///   - plan: Whose groups.
    ///   - first: Hosts that go before all others of their group: who serves stops only once there is somebody beside him.
    package init(plan: Plan, first: [RollingGroup: Set<String>] = [:]) {
        self.first = first
        let groups = plan.lanes.flatMap { lane in Set(lane.stages.compactMap(\.rolling)) }
        let members = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
        widths = members.reduce(into: [:]) {
            $0[$1.key] = $1.key.width(among: $1.value, nodes: plan.maxUnavailable)
        }
    }

    /// Waits for the group's turn.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - host: Whose turn.
    /// - Returns: `nil` once it is this host's turn, or why nobody may act any more.
    package func enter(_ group: RollingGroup, by host: String) async -> String? {
        if let before = first[group], !before.isEmpty, !before.contains(host) {
            await withCheckedContinuation { held[group, default: []].append($0) }
        }
        let turn = group.turn
        if busy[turn, default: 0] >= max(1, widths[turn] ?? 1) {
            await withCheckedContinuation { queues[turn, default: []].append($0) }
        } else {
            busy[turn, default: 0] += 1
        }
        guard let reason = broken[turn] else { return nil }
        passOn(turn)
        return reason
    }

    /// Gives the turn to the next host.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - host: Who had it.
    ///   - failure: Why the group must stop here, where it must.
    package func leave(_ group: RollingGroup, by host: String, failure: String? = nil) {
        if let failure { broken[group.turn] = failure }
        passOn(group.turn)
        admit(group, after: host)
    }

    /// A host is done with, however it ended: nobody waits for it any more.
    package func finish(_ host: String) {
        for group in RollingGroup.allCases { admit(group, after: host) }
    }

    /// A host has passed its part of a group: those who were held for it may go, once it was the last.
    package func admit(_ group: RollingGroup, after host: String) {
        guard first[group]?.remove(host) != nil, first[group]?.isEmpty ?? true else { return }
        for continuation in held.removeValue(forKey: group) ?? [] { continuation.resume() }
    }

    private func passOn(_ turn: RollingGroup) {
        guard var queue = queues[turn], !queue.isEmpty else {
            busy[turn, default: 1] -= 1
            return
        }
        let next = queue.removeFirst()
        queues[turn] = queue
        next.resume()
    }
}
