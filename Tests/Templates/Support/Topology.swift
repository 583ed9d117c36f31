import Templates

/// Renders every file of a host of a sample cluster, as the components do.
struct Topology: Sendable {
    var version: KubernetesVersion
    var controllers: [HAProxyConfig.Server]
    var workers: [HAProxyConfig.Server]
    var etcd: [EtcdBootstrap.Member]
    var endpoint: String
    var hasLoadBalancer: Bool
    var paths = HostPaths.standard

    static func address(_ text: String) -> IPv4Address { IPv4Address(text) ?? IPv4Address(bits: 0) }
    static func cidr(_ text: String) -> CIDR {
        CIDR(text) ?? CIDR(address: IPv4Address(bits: 0), prefixLength: 0) ?? podCIDR
    }
    static let podCIDR = cidr("10.200.0.0/16")
    static let serviceCIDR = cidr("10.32.0.0/24")
    static let dns = address("10.32.0.10")

    static func servers(_ prefix: String, _ addresses: [String]) -> [HAProxyConfig.Server] {
        addresses.enumerated().map { .init(name: "\(prefix)-\($0.offset)", address: address($0.element)) }
    }

    static func lab(_ version: KubernetesVersion) -> Topology {
        let controllers = servers("controller", ["192.168.2.2", "192.168.2.3", "192.168.2.4"])
        return Topology(
            version: version,
            controllers: controllers,
            workers: servers("worker", ["192.168.2.5", "192.168.2.6", "192.168.2.7"]),
            etcd: controllers.map { .init(name: $0.name, address: $0.address) },
            endpoint: "192.168.2.8",
            hasLoadBalancer: true
        )
    }

    static func single(_ version: KubernetesVersion) -> Topology {
        let host = HAProxyConfig.Server(name: "node-0", address: address("192.168.2.2"))
        return Topology(
            version: version,
            controllers: [host],
            workers: [host],
            etcd: [.init(name: host.name, address: host.address)],
            endpoint: "192.168.2.2",
            hasLoadBalancer: false
        )
    }

    static func externalEtcd(_ version: KubernetesVersion) -> Topology {
        var topology = lab(version)
        topology.etcd = (0..<3).map { .init(name: "etcd-\($0)", address: address("192.168.2.1\($0)")) }
        return topology
    }

    /// The files of a host by its name; several roles give several sets.
    func files(of host: String) -> [RenderedFile] {
        var files: [RenderedFile] = []
        if let member = etcd.first(where: { $0.name == host }) {
            files += [
                etcdUnit(member).rendered(), EtcdBootstrap(members: etcd, state: .existing, paths: paths).rendered(),
            ]
        }
        if let server = controllers.first(where: { $0.name == host }) { files += controllerFiles(server) }
        if let index = workers.firstIndex(where: { $0.name == host }) { files += workerFiles(index) }
        if host == "lb" { files += loadBalancerFiles }
        return files
    }
}
