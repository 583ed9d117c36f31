import Templates

/// One thing that a cluster consists of, and the stages that put it on a host.
///
/// A new component is one file with one type, and one line in `ComponentRegistry`.
protocol Component: Sendable {
    /// Its stages on this host; none where the host does not need it.
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage]
}

/// Everything that components draw from.
struct ComponentContext {
    let spec: ClusterSpec
    let materials: ClusterMaterials
    let rendering: Rendering
    let certificates: CertificateFiles
    /// Who founds etcd's cluster and who joins it.
    var etcd = EtcdSituation.founding
    /// Who stands in for the first controller.
    var lead: String?
    /// Of the host that is planned.
    var architecture = MachineArchitecture.amd64

    /// Whether a host does what is done once for the whole cluster.
    func leads(_ host: HostSpec) -> Bool { host.name == lead ?? spec.hosts(.controller).first?.name }

    /// A binary in /usr/local/bin, or `nil` where the materials have none of that name.
    func binary(_ name: String, at path: String? = nil, mode: UInt16 = 0o755, reason: String) -> BinaryResource? {
        materials.uploads[name].map { uploads in
            // Other builds in its digest would restart every service once a first host of another kind joins.
            let own = uploads.filter { $0.key == architecture.machine }
            return BinaryResource(path: path ?? rendering.paths.binary(name), uploads: own, mode: mode, reason: reason)
        }
    }
}

extension ComponentContext {
    /// Binaries by name, as resources; those that the materials lack are left out.
    func binaries(_ names: [String], reason: String) -> [any Resource] {
        names.compactMap { binary($0, reason: reason) }
    }
}

/// Every component, in the order of the hard way; a host's lane is their stages one after another.
enum ComponentRegistry {
    static let all: [any Component] = [
        HostComponent(), EtcdComponent(), APIServerComponent(), ControllerManagerComponent(), SchedulerComponent(),
        MembershipComponent(),
        LoadBalancerComponent(), AccessComponent(), RoutesComponent(), RuntimeComponent(),
        DockerComponent(), KubeletComponent(),
        KubeProxyComponent(), NodeComponent(), DNSComponent(), CordonComponent(), ClientComponent(),
    ]
}
