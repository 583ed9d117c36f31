import ProvisionCore

/// Followers before the leader, so that its office changes hands once while etcd rolls.
package enum EtcdOrder {
    /// Members that have their turn before the leader has.
    ///
    /// - Parameter lanes: What hosts said.
    /// - Returns: Nobody where none leads, where two say so, or where they wait for what its host does afterwards.
    package static func followers(_ lanes: [ObservedLane]) -> Set<String> {
        let leaders = lanes.filter(leads).map(\.lane.host.name)
        guard leaders.count == 1, goFreely(lanes.map(\.lane)) else { return [] }
        let members = lanes.filter { lane in lane.lane.stages.contains { $0.rolling == .etcd } }
        return Set(members.map(\.lane.host.name)).subtracting(leaders)
    }

    private static func leads(_ lane: ObservedLane) -> Bool {
        zip(lane.lane.resources, lane.answers).contains { EtcdMemberScripts.leads($0, $1) }
    }

    /// Whether no member needs a gate up to its turn that is opened at somebody's turn or later: whoever waited there for
    /// the leader, which waits for him, would wait for ever.
    private static func goFreely(_ lanes: [Plan.Lane]) -> Bool {
        let turns = lanes.map { lane in (lane.stages, lane.stages.firstIndex { $0.rolling == .etcd }) }
        let needed = Set(turns.flatMap { stages, turn in stages.prefix((turn ?? -1) + 1).flatMap(\.needs) })
        let later = turns.flatMap { stages, turn in stages.dropFirst(turn ?? 0) }
        return !later.contains { $0.opens.contains(where: needed.contains) }
    }
}
