/// A host of the inventory that is to become a controller or a member of etcd.
package struct Newcomer: Sendable, Equatable {
    /// What a host that takes part in a run says of its cluster.
    package enum Mark: Sendable, Hashable {
        /// It belongs to none.
        case absent
        case own
        /// It was not reached.
        case unseen
    }

    package let host: String
    /// Those of both that it does not have yet.
    package let roles: [Role]

    private static let core: Set<Role> = [.controller, .etcd]

    /// `controller-3 as etcd and controller`.
    package var words: String { "\(host) as \(roles.map(\.rawValue).joined(separator: " and "))" }

    /// Everybody who would join a cluster that stands.
    ///
    /// A machine that was made anew under its old name is none: it takes its own place again.
    ///
    /// - Parameters:
    ///   - spec: The inventory.
    ///   - record: What is remembered.
    ///   - marks: By name, of the hosts that take part.
    /// - Returns: Nothing where the cluster itself is only founded.
    package static func all(
        in spec: ClusterSpec,
        record: MembershipRecord?,
        marks: [String: Mark]
    ) -> [Newcomer] {
        let newcomers = spec.hosts.compactMap { host -> Newcomer? in
            guard let mark = marks[host.name] else { return nil }
            let roles = missing(host, record, mark)
            return roles.isEmpty ? nil : Newcomer(host: host.name, roles: roles.sorted())
        }
        let isRemembered = (record?.members ?? []).contains { !$0.roleSet.isDisjoint(with: core) }
        let isFounded = newcomers.count == spec.hosts.count { !$0.roles.isDisjoint(with: core) }
        return isFounded && !isRemembered ? [] : newcomers
    }

    private static func missing(_ host: HostSpec, _ record: MembershipRecord?, _ mark: Mark) -> Set<Role> {
        let wanted = host.roles.intersection(core)
        guard let record else { return mark == .absent ? wanted : [] }
        let known = record.members.first { $0.name == host.name }
        if let known { return wanted.subtracting(known.roleSet) }
        // Who was taken out keeps the mark until he is taken down.
        let hasLeft = record.left.contains { $0.name == host.name }
        return mark == .own && !hasLeft ? [] : wanted
    }
}
