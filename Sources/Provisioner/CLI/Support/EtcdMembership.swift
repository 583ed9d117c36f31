import ProvisionCore
import ProvisionEngine

/// What the observation of a cluster's hosts says about etcd's members.
enum EtcdMembership {
    /// Who founds and who joins.
    static func situation(_ spec: ClusterSpec, _ lanes: [ObservedLane]) -> EtcdSituation {
        let members = spec.hosts(.etcd)
        let holdings = members.reduce(into: [String: EtcdSituation.Holding]()) { holdings, host in
            holdings[host.name] = lanes.first { $0.lane.host.name == host.name }.flatMap(holding) ?? .unknown
        }
        guard holdings.values.contains(where: { if case .none = $0 { true } else { false } }) else { return .founding }
        let record = MembershipStore(directory: spec.pki.directory).read()
        let left = (record?.members ?? []).filter { member in
            member.roleSet.contains(.etcd) && !members.contains { $0.name == member.name }
        }
        return EtcdSituation(holdings, wasApplied: record?.hasEtcd ?? false, former: left.map(\.address))
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
