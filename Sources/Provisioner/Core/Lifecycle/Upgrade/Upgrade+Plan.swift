import Templates

extension Gate {
    /// etcd's data is copied.
    static let etcdSaved = Gate(rawValue: "etcd.saved")
    /// Every API server runs its new version.
    static let apiServersUpgraded = Gate(rawValue: "apiservers.upgraded")
    /// So do every controller-manager and scheduler.
    static let controlPlaneUpgraded = Gate(rawValue: "controlplane.upgraded")

    /// The node's lane stands before what its pods run on.
    static func reached(_ node: HostSpec) -> Gate { Gate(rawValue: "\(node.name).reached") }
    static func drained(_ node: HostSpec) -> Gate { Gate(rawValue: "\(node.name).drained") }
    /// The node is Ready with what it was to get.
    static func changed(_ node: HostSpec) -> Gate { Gate(rawValue: "\(node.name).changed") }
}

/// The order of an upgrade, as gates and stages of an ordinary plan.
extension Upgrade {
    /// What changes on a node between drain and uncordon.
    private static let nodeStages: Set = [
        "runtime-binaries", "runtime", "images", "kubelet-files", "kubelet-binaries", "kubelet", "kube-proxy-binary",
        "kube-proxy", "node",
    ]
    private static let kubernetesNodeStages: Set = ["kubelet-binaries", "kubelet", "kube-proxy-binary", "kube-proxy"]
    private static let controlLoopStages: Set = [
        "kube-controller-manager-binary", "kube-controller-manager", "kube-scheduler-binary", "kube-scheduler",
    ]

    /// Hosts that must take part although a limited plan leaves them out.
    package func missing(from plan: Plan) -> [HostSpec] {
        let present = Set(plan.lanes.map(\.host.name))
        let needed = [waves.isEmpty && forgotten.isEmpty ? nil : driver, needsSnapshot ? saver : nil].compactMap(\.self)
        return spec.hosts.filter { host in !present.contains(host.name) && needed.contains { $0.name == host.name } }
    }

    /// The same plan in an order that keeps the cluster serving, with what must happen between its steps.
    package func applied(to plan: Plan) -> Plan {
        var plan = plan
        for index in plan.lanes.indices {
            if isOfKubernetes { orderControlPlane(&plan.lanes[index]) }
            orderNode(&plan.lanes[index])
            if plan.lanes[index].host.name == driver?.name { drive(&plan.lanes[index]) }
        }
        if needsSnapshot, let saver { save(on: saver, &plan) }
        return plan
    }

    /// No controller-manager, scheduler, kubelet or kube-proxy is newer than any API server, at no time.
    private func orderControlPlane(_ lane: inout Plan.Lane) {
        for index in lane.stages.indices {
            let name = lane.stages[index].name
            if name == "apiserver" { lane.stages[index].opens.append(.apiServersUpgraded) }
            if name == "kube-scheduler" { lane.stages[index].opens.append(.controlPlaneUpgraded) }
            if Self.controlLoopStages.contains(name) { lane.stages[index].needs.append(.apiServersUpgraded) }
            if Self.kubernetesNodeStages.contains(name) { lane.stages[index].needs.append(.controlPlaneUpgraded) }
        }
    }

    /// A node that is to be drained waits for that, and for the wave before its own; each says when it is back.
    private func orderNode(_ lane: inout Plan.Lane) {
        let node = lane.host
        if unavailable.mending.contains(where: { $0.name == node.name }) { announce(node, &lane) }
        guard let wave = waves.firstIndex(where: { $0.contains { $0.name == node.name } }),
            let first = lane.stages.firstIndex(where: { Self.nodeStages.contains($0.name) }), first > 0
        else { return }
        let before = wave > 0 ? waves[wave - 1].map(Gate.changed) : []
        for index in lane.stages.indices where Self.nodeStages.contains(lane.stages[index].name) {
            lane.stages[index].needs += [.drained(node)] + before
        }
        announce(node, &lane)
        lane.stages[first - 1].opens.append(.reached(node))
    }

    private func announce(_ node: HostSpec, _ lane: inout Plan.Lane) {
        for index in lane.stages.indices where lane.stages[index].name == "node" {
            lane.stages[index].opens.append(.changed(node))
        }
    }

    /// Drains and gives back, wave by wave, from one controller.
    private func drive(_ lane: inout Plan.Lane) {
        let driver = lane.host
        // Whatever is still cordoned is given back after the last wave, not before it.
        let sweeps = lane.stages.filter { $0.name == CordonComponent.stageName }
        lane.stages.removeAll { $0.name == CordonComponent.stageName }
        var stages: [Stage] = []
        if !forgotten.isEmpty {
            let back = unavailable.mending.filter { node in forgotten.contains { $0.name == node.name } }
            let resources = forgotten.map { drain($0).uncordoned }
            stages.append(Stage("uncordon-finished", needs: back.map(Gate.changed), resources: resources))
        }
        var own: Turn?
        for (index, wave) in waves.enumerated() {
            let others = wave.filter { $0.name != driver.name }
            if others.count < wave.count { own = turn([driver], "own") }
            guard !others.isEmpty else { continue }
            let group = turn(others, "\(index + 1)")
            stages += [group.before] + group.after
        }
        if let own { insert(own, &lane) }
        let last = lane.stages.lastIndex { Self.nodeStages.contains($0.name) || $0.name == "uncordon-own" }
        let free = lane.stages.firstIndex { $0.needs.contains(.nodeReady) || $0.needs.contains(.allNodesReady) }
        lane.stages.insert(contentsOf: stages, at: last.map { $0 + 1 } ?? free ?? lane.stages.count)
        lane.stages += sweeps
    }

    /// What the driver does around the change of a wave.
    private typealias Turn = (before: Stage, after: [Stage])

    private func turn(_ nodes: [HostSpec], _ name: String) -> Turn {
        let control: [Gate] = isOfKubernetes ? [.controlPlaneUpgraded] : []
        let before = Stage(
            "drain-\(name)",
            needs: control + unavailable.mending.map(Gate.changed) + nodes.map(Gate.reached),
            opens: nodes.map(Gate.drained),
            resources: nodes.map { drain($0).drained }
        )
        // One each: a neighbour that does not come back keeps nobody else cordoned.
        let after = nodes.map { node in
            Stage(
                nodes.count == 1 ? "uncordon-\(name)" : "uncordon-\(name)-\(node.name)",
                needs: [.changed(node)],
                isTriedAnyway: true,
                resources: [drain(node).uncordoned]
            )
        }
        return (before, after)
    }

    /// A controller with pods of its own drains itself around its own change.
    private func insert(_ own: Turn, _ lane: inout Plan.Lane) {
        guard let first = lane.stages.firstIndex(where: { Self.nodeStages.contains($0.name) }),
            let last = lane.stages.lastIndex(where: { Self.nodeStages.contains($0.name) })
        else { return }
        lane.stages.insert(contentsOf: own.after, at: last + 1)
        lane.stages.insert(own.before, at: first)
    }

    /// Nothing but the saver's own ground changes before etcd's data is copied.
    private func save(on saver: HostSpec, _ plan: inout Plan) {
        for lane in plan.lanes.indices {
            let isSaver = plan.lanes[lane].host.name == saver.name
            for stage in plan.lanes[lane].stages.indices where !isSaver || stage > 0 {
                plan.lanes[lane].stages[stage].needs.append(.etcdSaved)
            }
            guard isSaver else { continue }
            let scripts = EtcdScripts(host: saver, dataDirectory: spec.etcd.dataDirectory)
            plan.lanes[lane].stages.insert(
                Stage("etcd-snapshot", opens: [.etcdSaved], resources: [UpgradeSnapshot(scripts: scripts).resource]),
                at: 1
            )
        }
    }
}
