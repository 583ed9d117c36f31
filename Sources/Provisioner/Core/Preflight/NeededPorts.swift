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
        return peers
    }
}
