import Templates

/// The steps that take a host out of its cluster, in their order: those before the remaining hosts change, and those after.
package struct DepartureSteps: Sendable {
    /// Where a step runs.
    package enum Place: Sendable, Hashable {
        /// A controller whose API server answers.
        case api
        /// A member of etcd that stays.
        case etcd
        /// The host that leaves; skipped where it is not reached.
        case host
    }

    package struct Step: Sendable, Hashable {
        package var place: Place
        package var action: Action
    }

    private let departure: Departure
    private let version: KubernetesVersion
    private let clusterID: String
    private let dataDirectory: String
    private let drains: Bool
    private let keepsData: Bool

    package init(
        _ departure: Departure,
        spec: ClusterSpec,
        clusterID: String,
        drains: Bool,
        keepsData: Bool = false
    ) {
        self.departure = departure
        self.clusterID = clusterID
        self.drains = drains
        self.keepsData = keepsData
        version = spec.versions.kubernetes
        dataDirectory = spec.etcd.dataDirectory
    }

    /// Its pods move, its kubelet stops so that it does not register again, its Node goes; routes and backends may then go.
    package var before: [Step] {
        let node = departure.node
        let drain = drains ? node.map { Step(place: .api, action: drained($0)) } : nil
        let delete = node.map { Step(place: .api, action: deleted($0)) }
        return [drain, stop([.worker]), delete].compactMap(\.self)
    }

    /// Nobody is sent to it any more: the control plane, the load balancer and the member of etcd end.
    package func after(member: HostSpec?) -> [Step] {
        let removal = departure.etcd.flatMap { gone in
            member.map {
                Step(place: .etcd, action: EtcdRemoval(gone, by: $0, dataDirectory: dataDirectory).action)
            }
        }
        let end = departure.roles.contains(.etcd) ? Step(place: .host, action: wipe) : nil
        return [stop([.controller, .loadBalancer]), removal, end].compactMap(\.self)
    }

    /// A node that is not Ready runs nothing that could be evicted: its pods go with its Node.
    private func drained(_ node: String) -> Action {
        let drain = NodeDrain(node: node, version: version, reason: "leaves the cluster").drained.action
        let name = ShellQuoting.quote(node)
        return Action(
            kind: .wait,
            title: "drain \(node)",
            script: """
                r=$(kc get node \(name) --ignore-not-found -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')
                [ "$r" = True ] || { echo "\(node) is not Ready: nothing can be evicted there"; exit 0; }
                \(drain.script)
                """,
            seconds: drain.seconds + 30
        )
    }

    private func deleted(_ node: String) -> Action {
        Action(
            kind: .delete,
            title: "delete node \(node)",
            script: "kc delete node \(ShellQuoting.quote(node)) --ignore-not-found",
            seconds: 90
        )
    }

    private func stop(_ roles: Set<Role>) -> Step? {
        let units = departure.units(roles)
        guard !units.isEmpty else { return nil }
        return Step(
            place: .host,
            action: Action(
                kind: .run,
                title: "stop \(units.joined(separator: ", ")) on \(departure.name)",
                script: """
                    \(guardScript)
                    for u in \(units.joined(separator: " ")); do ! systemctl -q cat $u > /dev/null 2>&1 || systemctl -q disable --now $u; done
                    """,
                seconds: 120
            )
        )
    }

    /// A member that was removed never comes back with its old data.
    private var wipe: Action {
        let data = keepsData ? "" : "\(dataDirectory)/member "
        return Action(
            kind: .delete,
            title: "stop etcd on \(departure.name), \(keepsData ? "its data stays" : "delete its data")",
            script: """
                \(guardScript)
                ! systemctl -q cat etcd.service > /dev/null 2>&1 || systemctl -q disable --now etcd.service
                rm -rf --one-file-system \(data)\(HostPaths.standard.etcdBootstrap)
                """,
            seconds: 60
        )
    }

    /// The address may be another machine's by now.
    private var guardScript: String {
        let machine =
            departure.member?.machineID.map { id in
                "[ \"$(cat /etc/machine-id)\" = \(ShellQuoting.quote(id)) ] || "
                    + "{ echo 'it is another machine than the one that left; nothing was done there'; exit 8; }"
            } ?? ""
        return """
            c=$(cut -d' ' -f1 \(MarkerResource.path) 2> /dev/null) || c=
            [ "$c" = \(ShellQuoting.quote(clusterID)) ] || { echo "it belongs to the cluster ${c:-without a mark}; nothing was done there"; exit 8; }
            \(machine)
            """
    }
}
