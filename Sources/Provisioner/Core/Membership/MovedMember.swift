package import Templates

/// A host that stays in the inventory and whose API server or member of etcd had another address.
///
/// Certificates, etcd's list of members and everybody who asks it name the old one, and a member restarts only after it was
/// asked there: nothing of it can be moved while it stands.
package struct MovedMember: Sendable, Equatable {
    package let host: String
    package let old: IPv4Address
    package let new: IPv4Address

    /// Stands in what is said, for programs.
    static let code = "membership.address-changed"

    /// Compares the inventory with what is remembered.
    ///
    /// A worker may move: routes, backends and its Node follow. Who was taken out joins anew, wherever it is now.
    ///
    /// - Parameters:
    ///   - spec: The inventory.
    ///   - record: What is remembered; `nil` where nothing is.
    /// - Returns: In the inventory's order; nobody whose old address is not known.
    package static func all(in spec: ClusterSpec, record: MembershipRecord?) -> [MovedMember] {
        let known = Dictionary((record?.members ?? []).map { ($0.name, $0) }) { first, _ in first }
        return spec.hosts.compactMap { host in
            guard let member = known[host.name], !member.roleSet.isDisjoint(with: [.etcd, .controller]),
                let old = IPv4Address(member.address), old != host.internalAddress
            else { return nil }
            return MovedMember(host: host.name, old: old, new: host.internalAddress)
        }
    }

    /// Why nothing is changed, and what to do.
    ///
    /// - Parameters:
    ///   - moved: Whoever has another address.
    ///   - inventory: For commands.
    /// - Returns: `nil` where nobody has.
    package static func refusal(_ moved: [MovedMember], inventory: String) -> EtcdSituation.Refusal? {
        guard !moved.isEmpty else { return nil }
        let words = moved.map { "\($0.host) had the internal address \($0.old), and has \($0.new) in the inventory" }
        return EtcdSituation.Refusal(
            why: "\(words.joined(separator: "; ")): an API server or a member of etcd is not moved in place [\(code)]",
            remedy: "put the old address back; to move a host, one after another: take it out of the inventory, "
                + "provision apply \(inventory), add it with its new address, apply again; all at once: provision backup "
                + "restore FILE \(inventory), or etcd restore; where nothing of the cluster is kept, as after a first apply "
                + "that failed, or with machines that were made anew: provision teardown \(inventory), then apply"
        )
    }
}
