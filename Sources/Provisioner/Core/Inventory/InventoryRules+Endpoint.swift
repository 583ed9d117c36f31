import Templates

/// Whether somebody listens where the components are told to find the API, and whether others listen there too.
extension InventoryRules {
    mutating func checkEndpointListener() {
        let address = spec.endpoint.address
        if let host = spec.hosts.first(where: { $0.internalAddress.description == address }), !host.has(.loadBalancer) {
            checkListener(host)
        }
        for (index, host) in members(.loadBalancer) { checkPorts(of: host, at: positions.hosts[index].mark) }
    }

    private mutating func checkListener(_ host: HostSpec) {
        if !host.has(.controller) {
            problems.warn(
                "topology.endpoint-host",
                at: positions.mark("endpoint", "address"),
                "\(spec.endpoint.address) is `\(host.name)`, on which the inventory puts neither API server nor load balancer",
                fix: "give the address of a load balancer or of the controller, if nothing of yours listens there"
            )
        } else if spec.endpoint.port != 6443 {
            problems.warn(
                "topology.endpoint-port",
                at: positions.mark("endpoint", "port"),
                "the endpoint is `\(host.name)`, whose API server listens on port 6443, not on \(spec.endpoint.port)",
                fix: "leave endpoint.port out, if nothing of yours listens there"
            )
        }
    }

    /// The API server's own port is spoken of with the topology.
    private mutating func checkPorts(of host: HostSpec, at mark: SourceMark) {
        let listeners = NeededPorts.listening(on: host, in: spec).sorted { $0.key < $1.key }
        for (port, programs) in listeners where programs.count > 1 {
            guard port != 6443 || spec.endpoint.port != 6443 else { continue }
            problems.add(
                "topology.port-conflict",
                at: mark,
                "on `\(host.name)` \(programs.sorted().joined(separator: " and ")) would listen on port \(port)",
                fix: "use a host of its own as load balancer, or give another port in endpoint or loadBalancer.services"
            )
        }
    }
}
