package import Templates

/// What this machine remembers of a cluster: written before and after every apply, so that a host that leaves the inventory
/// is still known.
package struct MembershipRecord: Sendable, Equatable, Codable {
    /// Of what this version writes.
    package static let currentSchema = 1

    package var schema = MembershipRecord.currentSchema
    package var clusterID: String
    /// Hosts that the last successful apply left as wanted.
    package var members: [ClusterMember]
    /// Hosts that were taken out of the cluster and not yet taken down.
    package var left: [ClusterMember]
    /// How Secrets are encrypted in etcd; `nil` in records of older versions.
    package var encryption: FeatureSpec.EncryptionProvider?

    package init(clusterID: String, members: [ClusterMember] = [], left: [ClusterMember] = []) {
        self.clusterID = clusterID
        self.members = members
        self.left = left
    }

    /// Why Secrets in etcd could not be read any more under this spec; `nil` where they can.
    package func unreadable(under spec: ClusterSpec) -> String? {
        guard let encryption, encryption != .none, encryption != spec.features.encryption else { return nil }
        return
            "Secrets in etcd are encrypted with \(encryption.rawValue), which nobody could read under features.encryption: \(spec.features.encryption.rawValue)"
    }

    /// Every host that is known and no longer in the inventory.
    package func former(_ spec: ClusterSpec) -> [ClusterMember] {
        let present = Set(spec.hosts.map(\.name))
        return (members + left).filter { !present.contains($0.name) }
    }

    /// Whether a cluster with an etcd member stood here.
    package var hasEtcd: Bool { members.contains { $0.roleSet.contains(.etcd) } }

    /// Pod networks by host: a worker keeps its own when another one leaves.
    package var podNetworks: [String: CIDR] {
        members.reduce(into: [:]) { $0[$1.name] = $1.podCIDR.flatMap { CIDR($0) } }
    }

    /// The record before a run: what begins now must be known although the run may be cut off.
    ///
    /// - Parameters:
    ///   - hosts: Hosts of the inventory that were reached.
    ///   - machines: Their machine-ids, where they were read.
    /// - Returns: A host keeps the roles that it had until it has lost them.
    package func before(_ hosts: [HostSpec], machines: [String: String]) -> MembershipRecord {
        let known = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
        let present = Set(hosts.map(\.name))
        var record = self
        record.members.removeAll { present.contains($0.name) }
        record.members += hosts.map { host in
            var member = ClusterMember(host, machineID: known[host.name]?.machineID ?? machines[host.name])
            member.roles = host.roles.union(known[host.name]?.roleSet ?? []).sorted().map(\.rawValue)
            return member
        }
        record.members.sort { $0.name < $1.name }
        return record
    }

    /// The record after a run.
    ///
    /// - Parameters:
    ///   - hosts: Hosts of the inventory that are as wanted.
    ///   - machines: Their machine-ids, where they were read.
    ///   - gone: Names of hosts that were taken out.
    /// - Returns: Others stay as they were.
    package func after(_ hosts: [HostSpec], machines: [String: String], gone: Set<String>) -> MembershipRecord {
        let known = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
        let present = Set(hosts.map(\.name))
        var record = self
        record.left = (left + members.filter { gone.contains($0.name) }).filter { !present.contains($0.name) }
        record.members = members.filter { !gone.contains($0.name) && !present.contains($0.name) }
        record.members += hosts.map { ClusterMember($0, machineID: machines[$0.name] ?? known[$0.name]?.machineID) }
        record.members.sort { $0.name < $1.name }
        return record
    }

    /// The record of a cluster whose state was put back on these hosts, and of nobody else.
    ///
    /// Others may go on as the cluster that it is a copy of, with the same identity.
    package func restored(to hosts: [HostSpec]) -> MembershipRecord {
        let known = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
        var record = self
        record.left = []
        record.members = hosts.map { host in
            let before = known[host.name]
            let isSame =
                before?.address == host.internalAddress.description && before?.ssh.address == host.ssh.address
            var member = ClusterMember(host, machineID: isSame ? before?.machineID : nil)
            // Pods keep their networks; an inventory without a record would deal them out anew.
            member.podCIDR = before?.podCIDR
            let roles = host.roles.union(isSame ? before?.roleSet ?? [] : [])
            member.roles = roles.sorted().map(\.rawValue)
            return member
        }
        record.members.sort { $0.name < $1.name }
        return record
    }

    /// Names that an inventory does not hold.
    package func unknown(to hosts: [HostSpec]) -> [String] {
        let present = Set(hosts.map(\.name))
        return Set((members + left).map(\.name)).subtracting(present).sorted()
    }

    /// Without hosts that were taken down.
    package func forgetting(_ names: Set<String>) -> MembershipRecord {
        var record = self
        record.members.removeAll { names.contains($0.name) }
        record.left.removeAll { names.contains($0.name) }
        // Secrets that nobody holds any more bind nobody.
        if !record.hasEtcd { record.encryption = nil }
        return record
    }
}
