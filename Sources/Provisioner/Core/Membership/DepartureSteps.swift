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
    private let upgrade: UpgradeSpec
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
        upgrade = spec.upgrade
        dataDirectory = spec.etcd.dataDirectory
    }

    /// Its pods move, its kubelet stops so that it does not register again, its Node goes; routes and backends may then go.
    package var before: [Step] {
        let node = departure.node
        let drain = drains ? node.map { Step(place: .api, action: drained($0)) } : nil
        let delete = node.map { Step(place: .api, action: deleted($0)) }
        return [drain, stop([.worker]), pods, delete].compactMap(\.self)
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

    /// The last of all, where a host stays: made from a look at it, as a teardown is, so that here it has only its name.
    package var removal: Step? {
        guard !departure.isWhole, departure.roles.contains(.worker) else { return nil }
        let title = "remove what its part as worker put on \(departure.name)"
        return Step(place: .host, action: Action(kind: .delete, title: title, script: ":"))
    }

    /// A node that is not Ready runs nothing that could be evicted: its pods go with its Node.
    private func drained(_ node: String) -> Action {
        let drain = NodeDrain(
            node: node,
            version: version,
            reason: "leaves the cluster",
            timeout: upgrade.drainSeconds,
            force: upgrade.deletesUnmanagedPods
        ).drained.action
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

    /// Of a host that stays in the cluster no teardown follows, and nothing else there needs pods or their runtime.
    private var pods: Step? {
        guard !departure.isWhole, departure.roles.contains(.worker) else { return nil }
        return Step(
            place: .host,
            action: Action(
                kind: .delete,
                title: "end the pods, their runtime and their network on \(departure.name)",
                script: """
                    \(guardScript)
                    if known /etc/systemd/system/containerd.service; then
                    \(PodStop.script)
                    \(PodStop.removal())
                    \(Self.off("containerd.service")); fi
                    if known /etc/systemd/system/docker.service; then
                    \(PodStop.dockerScript)
                    grep -qsE '"action":"unit","path":"docker.service".*"previous":".*(enabled| active)' $S/receipt.jsonl \
                    || systemctl -q disable --now docker.socket docker.service 2> /dev/null || true
                    ! known package:containerd || \(Self.off("containerd.service")); fi
                    \(Self.networkEnd)
                    """,
                seconds: 300 + PodStop.seconds
            )
        )
    }

    /// What a removal that was cut off has taken already is no unit any more, which systemctl calls a failure.
    private static func off(_ unit: String) -> String {
        "! systemctl -q cat \(unit) > /dev/null 2>&1 || systemctl -q disable --now \(unit)"
    }

    /// The bridge would keep the pod network from its next owner; kube-proxy's rules it takes back itself.
    private static let networkEnd = """
        p=\(HostPaths.standard.binary("kube-proxy"))
        ! known $p || timeout 60 $p --cleanup > /dev/null 2>&1 || true
        if [ -e /sys/class/net/cni0 ] && ! grep -qs '"action":"present","path":"link:cni0"' $S/receipt.jsonl; then
        for l in $(ls /sys/class/net/cni0/brif); do case $l in veth*) ip link del dev $l || true;; esac; done
        ip link del dev cni0; fi
        """

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
