import Templates

/// All members together: who is healthy, who leads, how many may still fail.
package struct EtcdOverview: Sendable {
    package let members: [EtcdMember]

    package init(members: [EtcdMember]) { self.members = members }

    /// Those that count for the quorum: what etcd itself knows, else what the inventory says.
    package var voters: Int {
        let lists = members.filter { $0.status != nil }.map { $0.known.count { !$0.isLearner } }
        return lists.max().flatMap { $0 > 0 ? $0 : nil } ?? members.count
    }

    package var majority: Int { voters / 2 + 1 }
    /// Those that serve, out of space or not: what is wrong with them is among the problems.
    package var healthy: [EtcdMember] { members.filter { $0.answers && !($0.status?.isLearner ?? false) } }
    package var leader: EtcdMember? { members.first(where: \.isLeader) }
    package var hasQuorum: Bool { healthy.count >= majority }

    /// How many more may fail while the cluster still writes.
    package var spare: Int { max(0, healthy.count - majority) }

    /// Members that etcd knows and the inventory does not.
    package var strangers: [EtcdMember.Known] {
        let names = Set(members.map(\.name))
        return (members.first { !$0.known.isEmpty }?.known ?? []).filter {
            !$0.name.isEmpty && !names.contains($0.name)
        }
    }

    /// The newest revision that any host holds.
    package var revision: Int? { members.compactMap(\.revision).max() }

    package var isWell: Bool {
        healthy.count == voters && strangers.isEmpty && members.allSatisfy { $0.alarms.isEmpty && $0.failure == nil }
    }

    /// The quorum in words.
    package var words: String {
        let count = "\(healthy.count) of \(counted(voters, "member")) healthy"
        let ill = members.filter { !$0.answers }.map(\.host)
        let gone = ill.isEmpty ? "" : "; not healthy: \(ill.joined(separator: ", "))"
        guard hasQuorum else {
            return "NO QUORUM: \(count), \(majority) needed\(gone). The API cannot write; running pods go on"
        }
        let next = ill.isEmpty ? "" : " more"
        return "\(count); \(spare == 0 ? "none" : "\(spare)")\(next) may fail\(gone)"
    }

    /// What else is not as it should be, one sentence each, with what to do.
    package var problems: [String] {
        var problems = strangers.map {
            "etcd knows the member \($0.name) (\(String($0.id, radix: 16))), which the inventory does not have"
        }
        for member in members {
            if let failure = member.failure { problems.append("\(member.host) was not reached: \(failure)") }
            if member.alarms.contains("NOSPACE") {
                problems.append(
                    "\(member.host) is out of space (alarm NOSPACE) and refuses writes: provision etcd defrag --disarm, "
                        + "then raise etcd.quotaBackendBytes where it is needed"
                )
            }
            if member.alarms.contains("CORRUPT") {
                problems.append("\(member.host) found its data corrupt (alarm CORRUPT): replace it, or restore")
            }
            if let complaint = member.writing?.complaint { problems.append("\(member.host): \(complaint)") }
        }
        let clusters = Set(members.compactMap { $0.status?.cluster })
        if clusters.count > 1 { problems.append("members belong to \(clusters.count) different clusters") }
        return problems
    }

    /// Why one member cannot be without an answer for a moment; `nil` where it can.
    package var refusal: String? {
        if !strangers.isEmpty || Set(members.compactMap { $0.status?.cluster }).count > 1 { return problems.first }
        guard healthy.count == voters else { return words }
        return nil
    }

    /// Followers first, the leader last, so that at most one election is needed.
    package var rollingOrder: [EtcdMember] { members.filter { !$0.isLeader } + members.filter(\.isLeader) }

    /// Whom to ask for a snapshot: a healthy follower rather than the leader, the most advanced first.
    package var snapshotSource: EtcdMember? {
        healthy.sorted {
            ($0.isLeader ? 1 : 0, -($0.revision ?? 0), $0.host) < ($1.isLeader ? 1 : 0, -($1.revision ?? 0), $1.host)
        }
        .first
    }
}
