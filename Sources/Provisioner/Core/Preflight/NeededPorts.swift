import Templates

/// Which ports a host's components listen on, and which other hosts must reach.
package enum NeededPorts {
    /// Ports with the names of the processes that may hold them.
    package static func listening(on host: HostSpec, in spec: ClusterSpec) -> [UInt16: Set<String>] {
        var ports: [UInt16: Set<String>] = [:]
        func need(_ list: [UInt16], by process: String) {
            for port in list { ports[port, default: []].insert(process) }
        }
        if host.has(.etcd) { need([2379, 2380, 2381], by: "etcd") }
        if host.has(.controller) {
            need([6443], by: "kube-apiserver")
            need([10257], by: "kube-controller")
            need([10259], by: "kube-scheduler")
        }
        if host.has(.worker) {
            need([10248, 10250], by: "kubelet")
            need([10249, 10256], by: "kube-proxy")
        }
        if host.has(.loadBalancer) {
            need([spec.endpoint.port] + spec.loadBalancer.services.map(\.port), by: "haproxy")
        }
        return ports
    }

    /// `ADDRESS:PORT` of the other hosts that this one must reach.
    package static func reached(from host: HostSpec, in spec: ClusterSpec) -> [String] {
        func others(_ role: Role, _ port: UInt16) -> [String] {
            spec.hosts(role).filter { $0.name != host.name }.map { "\($0.internalAddress):\(port)" }
        }
        var peers: [String] = []
        if host.has(.controller) || host.has(.etcd) { peers += others(.etcd, 2379) + others(.etcd, 2380) }
        if host.has(.loadBalancer) { peers += others(.controller, 6443) }
        if host.has(.controller) { peers += others(.worker, 10250) }
        if host.has(.worker) || host.has(.client) { peers += others(.loadBalancer, spec.endpoint.port) }
        if host.has(.worker) { peers += others(.worker, 10250) }
        return peers + endpoint(from: host, in: spec, isOurs: true)
    }

    /// `ADDRESS:PORT` that this host must reach once all runs, and that may be silent until then, or for a good reason.
    ///
    /// Somebody else's load balancer may drop packets while no API server runs, and a node those for a service with
    /// `externalTrafficPolicy: Local` while it has no pod of it.
    package static func hoped(from host: HostSpec, in spec: ClusterSpec) -> [String] {
        let workers = host.has(.loadBalancer) ? spec.hosts(.worker).filter { $0.name != host.name } : []
        let nodePorts = workers.flatMap { worker in
            spec.loadBalancer.services.map { "\(worker.internalAddress):\($0.nodePort)" }
        }
        return nodePorts + endpoint(from: host, in: spec, isOurs: false)
    }

    /// The API's endpoint, where no load balancer of the inventory stands for it: a controller, or somebody else's.
    private static func endpoint(from host: HostSpec, in spec: ClusterSpec, isOurs: Bool) -> [String] {
        let address = spec.endpoint.address
        guard host.has(.worker) || host.has(.client), spec.hosts(.loadBalancer).isEmpty,
            address != host.internalAddress.description,
            isOurs == spec.hosts(.controller).contains(where: { $0.internalAddress.description == address })
        else { return [] }
        return ["\(address):\(spec.endpoint.port)"]
    }
}
