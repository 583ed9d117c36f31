import Templates

/// Members agree on who is a member, and API servers talk to exactly those.
struct EtcdClusterCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let members = cluster.running("etcd.service")
        guard !members.isEmpty else { return [] }
        let peers = members.map {
            "\($0.unit.flag("name") ?? "?")=\($0.unit.flag("initial-advertise-peer-urls") ?? "?")"
        }
        let clients = members.compactMap { $0.unit.flag("advertise-client-urls") }
        let token = members.first?.unit.flag("initial-cluster-token")
        return members.flatMap { host, unit in
            [
                compare(.etcdCluster, host, unit, "initial-cluster", Self.words(peers.joined(separator: ","))),
                compare(.etcdCluster, host, unit, "initial-cluster-token", Self.words(token)),
            ].compactMap(\.self)
        }
            + cluster.running("kube-apiserver.service").compactMap { host, unit in
                compare(.etcdServers, host, unit, "etcd-servers", Self.words(clients.joined(separator: ",")))
            }
    }

    /// The parts of a list, in any order.
    private static func words(_ text: String?) -> Set<String> {
        Set((text ?? "").split(separator: ",").map(String.init))
    }

    private func compare(
        _ code: ConsistencyViolation.Code,
        _ host: RenderedHost,
        _ unit: UnitText,
        _ flag: String,
        _ wanted: Set<String>
    ) -> ConsistencyViolation? {
        let found = unit.flag(flag) ?? host.environment(of: unit)[EtcdBootstrap.variable(flag)]
        guard Self.words(found) != wanted else { return nil }
        let members = Finding(.init(nil, "the members' own units"), wanted.sorted().joined(separator: ","))
        return ConsistencyViolation(
            code,
            host.place(unit, flag),
            [members, Finding(host.place(unit, flag), found)],
            remedy: "every member and every API server must name the same members: take overrides of --\(flag) away"
        )
    }
}
