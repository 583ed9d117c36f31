package import ProvisionCore

/// Lets the hosts of a rolling group act one at a time, or in waves, and nobody after one has failed.
package actor Turnstile {
    private let widths: [RollingGroup: Int]
    private var busy: [RollingGroup: Int] = [:]
    private var broken: [RollingGroup: String] = [:]
    private var queues: [RollingGroup: [CheckedContinuation<Void, Never>]] = [:]

    /// One at a time where no width is given.
    package init(widths: [RollingGroup: Int] = [:]) { self.widths = widths }

    /// As wide as each group's members in a plan allow.
    package init(plan: Plan) {
        let groups = plan.lanes.flatMap { lane in Set(lane.stages.compactMap(\.rolling)) }
        let members = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
        widths = members.reduce(into: [:]) {
            $0[$1.key] = $1.key.width(among: $1.value, nodes: plan.maxUnavailable)
        }
    }

    /// Waits for the group's turn.
    ///
    /// - Parameter group: The group.
    /// - Returns: `nil` once it is this host's turn, or why nobody may act any more.
    package func enter(_ group: RollingGroup) async -> String? {
        if busy[group, default: 0] >= max(1, widths[group] ?? 1) {
            await withCheckedContinuation { queues[group, default: []].append($0) }
        } else {
            busy[group, default: 0] += 1
        }
        guard let reason = broken[group] else { return nil }
        passOn(group)
        return reason
    }

    /// Gives the turn to the next host.
    ///
    /// - Parameters:
    ///   - group: The group.
    ///   - failure: Why the group must stop here, where it must.
    package func leave(_ group: RollingGroup, failure: String? = nil) {
        if let failure { broken[group] = failure }
        passOn(group)
    }

    private func passOn(_ group: RollingGroup) {
        guard var queue = queues[group], !queue.isEmpty else {
            busy[group, default: 1] -= 1
            return
        }
        let next = queue.removeFirst()
        queues[group] = queue
        next.resume()
    }
}
