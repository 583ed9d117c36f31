package import ProvisionCore

/// Lets the hosts of a rolling group act one at a time, and nobody after one has failed.
package actor Turnstile {
    private var busy: Set<RollingGroup> = []
    private var broken: [RollingGroup: String] = [:]
    private var queues: [RollingGroup: [CheckedContinuation<Void, Never>]] = [:]

    package init() {}

    /// Waits for the group's turn.
    ///
    /// - Parameter group: The group.
    /// - Returns: `nil` once it is this host's turn, or why nobody may act any more.
    package func enter(_ group: RollingGroup) async -> String? {
        if busy.contains(group) {
            await withCheckedContinuation { queues[group, default: []].append($0) }
        } else {
            busy.insert(group)
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
            busy.remove(group)
            return
        }
        let next = queue.removeFirst()
        queues[group] = queue
        next.resume()
    }
}
