/// A whole cluster stopped and started in an order that keeps etcd's quorum until nobody needs it.
///
/// Units stay enabled: a reboot starts them, as after a power cut.
package struct ClusterPower: Sendable {
    /// Hosts side by side; the next phase begins when every host of this one is done.
    package struct Phase: Sendable {
        package var name: String
        package var plan: Plan
    }

    /// In the order of a start.
    private static let phases: [(name: String, units: [String])] = [
        ("etcd", ["etcd.service"]),
        ("API servers", ["kube-apiserver.service"]),
        ("load balancers", ["haproxy.service", "keepalived.service"]),
        ("control loops", ["kube-controller-manager.service", "kube-scheduler.service"]),
        ("nodes", ["containerd.service", "docker.service", "kube-proxy.service", "kubelet.service"]),
    ]

    private let plan: Plan

    /// - Parameter plan: The cluster's own.
    package init(plan: Plan) { self.plan = plan }

    /// Nodes with their pods first, etcd last.
    package var stopping: [Phase] {
        Self.phases.reversed().map { phase in
            self.phase(phase.name) { _, resources in
                units(phase.units.reversed(), among: resources).map(stop)
            }
        }.filter { !$0.plan.lanes.isEmpty }
    }

    /// etcd first; each component must say that it is well before the next phase begins.
    package var starting: [Phase] {
        Self.phases.map { phase in
            self.phase(phase.name) { _, resources in
                let own = units(phase.units, among: resources)
                return own.map(start)
                    + resources.filter { health in
                        guard let health = health as? CommandResource, health.id.hasPrefix("health:") else {
                            return false
                        }
                        return health.afterStartOf.map(own.contains) ?? false
                    }
            }
        }.filter { !$0.plan.lanes.isEmpty }
    }

    private func phase(
        _ name: String,
        _ resources: (HostSpec, [any Resource]) -> [any Resource]
    ) -> Phase {
        let lanes = plan.lanes.compactMap { lane -> Plan.Lane? in
            let wanted = resources(lane.host, lane.resources)
            guard !wanted.isEmpty else { return nil }
            let mark = lane.resources.compactMap { $0 as? MarkerResource }.map { Membership($0.besideRotations) }
            return Plan.Lane(host: lane.host, stages: [Stage(name, resources: mark + wanted)])
        }
        return Phase(name: name, plan: Plan(cluster: plan.cluster, lanes: lanes))
    }

    private func units(_ names: [String], among resources: [any Resource]) -> [String] {
        names.filter { name in resources.contains { ($0 as? ServiceResource)?.unit == name } }
    }

    private func stop(_ unit: String) -> CommandResource {
        let pods = unit == "containerd.service" ? PodStop.script + "\n" : ""
        return CommandResource(
            id: "stop:\(unit)",
            title: "\(unit) is stopped",
            reason: "the cluster is stopped",
            check:
                "s=$(systemctl is-active \(unit)); echo \"is $s\"; [ $s = inactive ] || [ $s = failed ] || [ $s = unknown ]",
            action: Action(
                kind: .update,
                title: "stop \(unit)",
                script: "\(pods)systemctl stop \(unit); systemctl reset-failed \(unit) 2> /dev/null || true",
                seconds: 150 + (pods.isEmpty ? 0 : PodStop.seconds)
            )
        )
    }

    /// `systemctl start` of an etcd member would wait for the quorum that other hosts are still to bring.
    private func start(_ unit: String) -> CommandResource {
        CommandResource(
            id: "start:\(unit)",
            title: "\(unit) runs",
            reason: "the cluster is started",
            check:
                "s=$(systemctl is-active \(unit)); echo \"is $s\"; [ $s = active ] || [ $s = activating ] || [ $s = reloading ]",
            action: Action(
                kind: .start,
                title: "start \(unit)",
                script:
                    "systemctl reset-failed \(unit) 2> /dev/null || true\nsystemctl start --no-block \(unit); sleep 0.3"
            )
        )
    }
}

/// Whose host it is; one that is nobody's yet is refused too.
struct Membership: Resource {
    private let marker: any Resource

    init(_ marker: any Resource) { self.marker = marker }

    var id: String { marker.id }
    var title: String { marker.title }
    var reason: String { marker.reason }
    var probe: Probe { marker.probe }
    var digest: String { marker.digest }

    func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let verdict = marker.verdict(for: answer, changed: changed)
        guard case .change(let why, _) = verdict else { return verdict }
        return .refused("the host \(why)", remedy: "provision apply makes it part of this one")
    }
}
