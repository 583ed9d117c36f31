extension InventoryRules {
    mutating func checkServices() {
        let items = positions.document.at("loadBalancer", "services")?.items ?? []
        guard items.count == spec.loadBalancer.services.count else { return }
        if !items.isEmpty, members(.loadBalancer).isEmpty, isWhole("loadBalancers") {
            problems.add(
                "services.no-load-balancer",
                at: positions.mark("loadBalancer", "services"),
                "services are to be exposed, but no load balancer is listed",
                fix: "list a host under hosts.loadBalancers"
            )
        }
        var ports: [UInt16: SourceMark] = [:]
        var names: [String: SourceMark] = [:]
        for (service, item) in zip(spec.loadBalancer.services, items) {
            checkPorts(service, item)
            let portMark = item["port"]?.mark ?? item.mark
            if let first = ports.updateValue(portMark, forKey: service.port) {
                duplicate("port \(service.port)", portMark, first)
            }
            let nameMark = item["name"]?.mark ?? item.mark
            if let first = names.updateValue(nameMark, forKey: service.name) {
                duplicate("name `\(service.name)`", nameMark, first)
            }
        }
    }

    private mutating func checkPorts(_ service: LoadBalancerSpec.Service, _ item: LocatedValue) {
        let range = spec.network.nodePortRange
        if !range.contains(service.nodePort) {
            problems.add(
                "services.node-port-range",
                at: item["nodePort"]?.mark ?? item.mark,
                "nodePort \(service.nodePort) of `\(service.name)` is outside \(range.lowerBound)-\(range.upperBound)",
                fix: "choose a port in the range, or change network.nodePortRange"
            )
        }
        guard [spec.endpoint.port, 22].contains(service.port) else { return }
        problems.add(
            "services.port-taken",
            at: item["port"]?.mark ?? item.mark,
            "port \(service.port) of the load balancer already serves \(service.port == 22 ? "SSH" : "the API")",
            fix: "choose another port for `\(service.name)`"
        )
    }

    private mutating func duplicate(_ what: String, _ mark: SourceMark, _ first: SourceMark) {
        problems.add(
            "services.duplicate",
            at: mark,
            "\(what) is used by two services",
            fix: "give each service its own",
            related: (first, "first used here")
        )
    }
}
