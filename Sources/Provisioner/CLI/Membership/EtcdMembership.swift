import ProvisionCore
import ProvisionEngine
import Templates

/// What the observation of a cluster's hosts says about etcd's members.
enum EtcdMembership {
    /// Who founds and who joins.
    ///
    /// - Parameters:
    ///   - spec: The inventory.
    ///   - lanes: What its hosts said.
    ///   - existed: Whether there was a cluster before this run, however far it came.
    /// - Returns: Founding, where everybody may found or nobody has to join.
    static func situation(_ spec: ClusterSpec, _ lanes: [ObservedLane], existed: Bool) async -> EtcdSituation {
        let members = spec.hosts(.etcd)
        var holdings = members.reduce(into: [String: EtcdSituation.Holding]()) { holdings, host in
            holdings[host.name] = lanes.first { $0.lane.host.name == host.name }.flatMap(holding) ?? .unknown
        }
        for host in await removed(members, holdings, lanes) { holdings[host] = .none(hadSome: true) }
        guard holdings.values.contains(where: { if case .none = $0 { true } else { false } }) else { return .founding }
        let record = MembershipStore(directory: spec.pki.directory).known
        let left = (record?.members ?? []).filter { member in
            member.roleSet.contains(.etcd) && !members.contains { $0.name == member.name }
        }
        return EtcdSituation(holdings, wasApplied: existed || record?.hasEtcd ?? false, former: left.map(\.address))
    }

    /// Hosts with data of a member that the others do not know any more, where etcd does not run.
    private static func removed(
        _ members: [HostSpec],
        _ holdings: [String: EtcdSituation.Holding],
        _ lanes: [ObservedLane]
    ) async -> [String] {
        let stopped = members.filter { holdings[$0.name] == .stopped }
        guard !stopped.isEmpty, let known = await ClusterTruthGathering.truth(lanes).etcd else { return [] }
        return stopped.filter { host in
            !known.contains { $0.belongs(to: host.nodeName, at: host.internalAddress.description) }
        }.map(\.name)
    }

    private static func holding(_ lane: ObservedLane) -> EtcdSituation.Holding? {
        zip(lane.lane.resources, lane.answers).first { $0.0.id == EtcdBootstrapResource.id }.map {
            EtcdSituation.Holding(answer: $0.1)
        }
    }

    /// The machine-ids that hosts have now.
    static func machines(_ lanes: [ObservedLane]) -> [String: String] {
        lanes.reduce(into: [:]) { machines, lane in
            let answers = zip(lane.lane.resources, lane.answers)
            machines[lane.lane.host.name] = answers.first { $0.0.id == MachineResource.id }.map { $0.1.text }
        }
    }

    /// Hosts that are another machine than the record says.
    static func remarks(_ record: MembershipRecord?, _ lanes: [ObservedLane]) -> [String] {
        let now = machines(lanes)
        return (record?.members ?? []).compactMap { member in
            guard let old = member.machineID, let new = now[member.name], old != new else { return nil }
            return "\(member.name) is another machine than before (machine-id \(new), was \(old)): it is built anew"
                + (member.roleSet.contains(.etcd) ? " and takes its own place in etcd" : "")
        }
    }
}
