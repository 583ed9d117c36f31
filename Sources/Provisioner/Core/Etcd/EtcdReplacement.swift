import Templates

/// What the replacement of one member would do, and why it would not, as far as a look at all members tells.
package struct EtcdReplacement: Sendable {
    private let host: HostSpec
    private let dataDirectory: String
    private let overview: EtcdOverview

    /// - Parameters:
    ///   - host: Whose member is replaced.
    ///   - spec: The cluster.
    ///   - overview: What all members' hosts said.
    package init(of host: HostSpec, in spec: ClusterSpec, seen overview: EtcdOverview) {
        self.host = host
        dataDirectory = spec.etcd.dataDirectory
        self.overview = overview
    }

    /// What would be done, in order.
    package var steps: [String] {
        removal + [
            "\(host.name)  etcd stopped, its data deleted: \(dataDirectory)/member",
            "\(host.name)  everything else as apply would put it",
            "\(host.name)  joins as a learner, gets all data from \(names(others)), then its vote",
        ]
    }

    /// Steps of a member that etcd still knows; where nobody lists members it is taken for one.
    private var removal: [String] {
        guard list.isEmpty || known != nil else { return [] }
        let name = known?.name ?? host.nodeName
        let snapshot = "/var/lib/provision/snapshots/before-removal-of-\(name.isEmpty ? address : name).db"
        let left = list.isEmpty ? others.count : staying.count
        let isLeader = overview.members.contains { $0.host == host.name && $0.isLeader }
        return ["one of \(names(others))  saves a snapshot: \(snapshot)"]
            + (isLeader ? ["\(host.name)  passes the leadership on"] : [])
            + ["\(host.name)  is taken out of etcd, which goes on with \(counted(left, "member"))"]
    }

    /// Why it would be refused now; the removal itself asks once more, under the locks.
    ///
    /// - Parameter inventory: For commands.
    /// - Returns: `nil` where nothing stands against it.
    package func refusal(_ inventory: String) -> EtcdSituation.Refusal? {
        if overview.members.contains(where: { $0.host == host.name && $0.failure != nil }) {
            return EtcdSituation.Refusal(
                why: "\(host.name) is not reached, so its data would stay there",
                remedy: "bring the host back, or take it out of the inventory: provision apply \(inventory)"
            )
        }
        if others.isEmpty {
            return EtcdSituation.Refusal(
                why: "\(host.name) is the only member of etcd; deleting its data is losing everything",
                remedy: "where its data is damaged: provision etcd restore --plan --from FILE \(inventory)"
            )
        }
        guard others.contains(where: { $0.status != nil }) else {
            return EtcdSituation.Refusal(
                why: "no other member of etcd answers",
                remedy: "bring a majority of the others back first; without one: provision etcd restore"
            )
        }
        return known.flatMap { quorumRefusal(without: $0, inventory) }
    }

    /// A stranger to the inventory is taken for well: only the removal asks it.
    private func quorumRefusal(without gone: EtcdMember.Known, _ inventory: String) -> EtcdSituation.Refusal? {
        let ill = staying.compactMap { member in others.first { $0.name == member.name && !$0.votes }?.host }
        let up = staying.count - ill.count
        let need = staying.count / 2 + 1
        guard up >= need else {
            return EtcdSituation.Refusal(
                why: "without \(host.name) etcd has \(counted(staying.count, "member")) and needs \(need) of them "
                    + "healthy, and \(counted(up, "is", "are"))",
                remedy: "bring back \(ill.joined(separator: ", ")) first: provision etcd status \(inventory)"
            )
        }
        let voters = staying.count + (gone.isLearner ? 0 : 1)
        let isUp = overview.members.contains { $0.host == host.name && $0.votes }
        let now = up + (isUp && !gone.isLearner ? 1 : 0)
        guard now <= voters / 2 else { return nil }
        return EtcdSituation.Refusal(
            why: "\(now) of \(voters) members are healthy, and \(voters / 2 + 1) are needed to change the members",
            remedy: "bring back \((ill + (isUp ? [] : [host.name])).joined(separator: ", ")) first; "
                + "from what one member holds: provision etcd restore --plan --from-member HOST \(inventory)"
        )
    }

    private var address: String { host.internalAddress.description }

    private var others: [EtcdMember] { overview.members.filter { $0.host != host.name } }

    /// The list of a member that stays, since the damaged one may believe anything.
    private var list: [EtcdMember.Known] { others.first { !$0.known.isEmpty }?.known ?? [] }

    /// Its entry; `nil` where it was taken out already.
    private var known: EtcdMember.Known? { list.first(where: isMeant) }

    /// Who votes without it.
    private var staying: [EtcdMember.Known] { list.filter { !$0.isLearner && !isMeant($0) } }

    private func isMeant(_ member: EtcdMember.Known) -> Bool {
        member.name == host.nodeName || member.peerURLs.contains("https://\(address):2380")
    }

    private func names(_ members: [EtcdMember]) -> String { members.map(\.host).joined(separator: ", ") }
}
