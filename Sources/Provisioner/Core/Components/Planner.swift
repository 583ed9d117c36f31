/// Turns a cluster and its materials into a plan: pure, and the same for the same input.
package struct Planner: Sendable {
    private let spec: ClusterSpec
    private let materials: ClusterMaterials
    private let etcd: EtcdSituation
    private let lead: String?

    /// - Parameters:
    ///   - spec: The cluster.
    ///   - materials: What its hosts are given.
    ///   - etcd: Who founds etcd's cluster and who joins it.
    ///   - lead: The controller that does what is done once for the whole cluster; `nil`: the first.
    package init(
        spec: ClusterSpec,
        materials: ClusterMaterials,
        etcd: EtcdSituation = .founding,
        lead: String? = nil
    ) {
        self.spec = spec
        self.materials = materials
        self.etcd = etcd
        self.lead = lead
    }

    /// One lane per host, stages in the order of the hard way.
    package func plan() -> Plan {
        let context = ComponentContext(
            spec: spec,
            materials: materials,
            rendering: Rendering(spec: spec, materials: materials),
            certificates: CertificateFiles(spec: spec, materials: materials),
            etcd: etcd,
            lead: lead
        )
        let lanes = spec.hosts.map { host in
            var own = context
            own.architecture = host.architecture
            let stages = ComponentRegistry.all.flatMap { $0.stages(for: host, in: own) }
            return Plan.Lane(host: host, stages: Self.withoutRepeats(stages))
        }
        return Plan(cluster: spec.name, lanes: lanes, maxUnavailable: spec.upgrade.maxUnavailable)
    }

    /// Roles on one host share files; the first stage that needs one brings it.
    private static func withoutRepeats(_ stages: [Stage]) -> [Stage] {
        var seen: Set<String> = []
        return stages.map { stage in
            var stage = stage
            stage.resources = stage.resources.filter { seen.insert($0.id).inserted }
            return stage
        }
    }
}
