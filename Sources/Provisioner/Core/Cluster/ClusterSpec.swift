/// The whole cluster as one validated value: every default applied, every reference resolved.
package struct ClusterSpec: Sendable, Equatable {
    /// Cluster name, context name of its kubeconfigs; default `kubernetes-the-hard-way`.
    package var name: String
    package var versions: ComponentVersions
    package var network: NetworkSpec
    package var endpoint: EndpointSpec
    package var features: FeatureSpec
    package var etcd: EtcdSpec
    package var dns: DNSSpec
    package var runtime: RuntimeSpec
    package var loadBalancer: LoadBalancerSpec
    package var pki: PKISpec
    package var artifacts: ArtifactSpec
    package var images: ImageSpec
    /// In the inventory's order within a role.
    package var hosts: [HostSpec]
    /// Present when the hosts are the embedded lab's machines.
    package var lab: LabSpec?
    package var concurrency: ConcurrencySpec
    package var hooks: HookSpec
    package var upgrade: UpgradeSpec

    package init(
        name: String,
        versions: ComponentVersions,
        network: NetworkSpec,
        endpoint: EndpointSpec,
        features: FeatureSpec,
        etcd: EtcdSpec,
        dns: DNSSpec,
        runtime: RuntimeSpec,
        loadBalancer: LoadBalancerSpec,
        pki: PKISpec,
        artifacts: ArtifactSpec,
        images: ImageSpec,
        hosts: [HostSpec],
        lab: LabSpec?,
        concurrency: ConcurrencySpec,
        hooks: HookSpec = HookSpec(),
        upgrade: UpgradeSpec = UpgradeSpec()
    ) {
        self.name = name
        self.versions = versions
        self.network = network
        self.endpoint = endpoint
        self.features = features
        self.etcd = etcd
        self.dns = dns
        self.runtime = runtime
        self.loadBalancer = loadBalancer
        self.pki = pki
        self.artifacts = artifacts
        self.images = images
        self.hosts = hosts
        self.lab = lab
        self.concurrency = concurrency
        self.hooks = hooks
        self.upgrade = upgrade
    }

    /// Whether haproxy and other packages are sent as files: the machines of a lab reach no mirror.
    package var sendsPackages: Bool { artifacts.source == .debian || lab != nil }

    package func hosts(_ role: Role) -> [HostSpec] { hosts.filter { $0.has(role) } }

    /// Where components reach the API: `https://ADDRESS:PORT` of the load balancer, or of the only controller.
    package var apiURL: String { "https://\(endpoint.address):\(endpoint.port)" }
}
