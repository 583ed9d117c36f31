/// Workers that are out of service before an upgrade takes any other away.
package struct UnavailableNodes: Sendable {
    /// Out of reach or not Ready, and left as they are: they count against `upgrade.maxUnavailable`.
    package let down: [HostSpec]
    /// Not Ready either, and changed by this run: no other node leaves before they are back.
    package let mending: [HostSpec]
    private let out: Set<String>

    /// Looks at every worker of the inventory, also of those outside a limited run.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - facts: What is known of it.
    ///   - drained: Workers that the upgrade drains; they count in their own wave.
    init(_ spec: ClusterSpec, _ facts: UpgradeFacts, drained: [HostSpec]) {
        let workers = spec.hosts(.worker).filter { Self.isOut($0, facts) }
        let others = workers.filter { worker in !drained.contains { $0.name == worker.name } }
        out = Set(workers.map(\.name))
        mending = others.filter { Self.isMended($0, facts) }
        down = others.filter { !Self.isMended($0, facts) }
    }

    /// Whether this run changes it, or ends what an earlier upgrade began; to wait for its health mends nothing.
    private static func isMended(_ host: HostSpec, _ facts: UpgradeFacts) -> Bool {
        guard let seen = facts.hosts.first(where: { $0.name == host.name }) else { return false }
        let cordon = facts.nodes.first { $0.name == host.nodeName }?.cordon
        return seen.changing.contains { !$0.hasPrefix("health:") } || cordon?.hasPrefix(Upgrade.reasonPrefix) == true
    }

    /// Whether a worker is out of service already.
    package func contains(_ host: HostSpec) -> Bool { out.contains(host.name) }

    /// A host that never was a node serves nothing, so nothing of it can be missing.
    private static func isOut(_ host: HostSpec, _ facts: UpgradeFacts) -> Bool {
        let isReached = facts.unreachable[host.name] == nil
        guard let node = facts.nodes.first(where: { $0.name == host.nodeName }) else {
            return facts.nodes.isEmpty && !isReached
        }
        return !isReached || !node.isReady
    }
}
