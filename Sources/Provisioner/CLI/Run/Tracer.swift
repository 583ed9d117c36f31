import ProvisionCore
import ProvisionEngine
import Templates

/// Walks the way of a request and reads each hop from the host where it lies.
struct Tracer {
    let spec: ClusterSpec
    let sessions: SessionPool

    func trace(namespace: String, name: String, from worker: HostSpec) async throws -> [TraceHop] {
        let service = try await service(namespace, name)
        var hops = try await loadBalancers(service)
        if service.isHeadless {
            hops.append(
                TraceHop(host: "DNS", isWell: true, text: "\(name) is headless: its name is its pods' addresses")
            )
        } else {
            hops += try await asked(worker) { try await chains(service, on: worker) }
        }
        for endpoint in service.endpoints { hops += try await way(to: endpoint, from: worker) }
        if service.endpoints.isEmpty {
            hops.append(TraceHop(host: "API", isWell: false, text: "\(namespace)/\(name) has no ready endpoint"))
        }
        return hops
    }

    /// A host that is not reached is a hop that is not well; the others are still followed.
    private func asked(_ host: HostSpec, _ read: () async throws -> [TraceHop]) async throws -> [TraceHop] {
        do { return try await read() } catch let error as TransportError {
            return [TraceHop(host: host.name, isWell: false, text: error.summary)]
        }
    }

    private func service(_ namespace: String, _ name: String) async throws -> TracedService {
        var words = "no controller answers"
        for host in spec.hosts(.controller) {
            let script = TracedService.script(namespace: namespace, name: name)
            guard let lines = try? await sessions.lines(script, on: host) else { continue }
            let output = lines.joined(separator: "\n")
            if let service = TracedService(namespace: namespace, name: name, output: output) { return service }
            words = output
        }
        throw CommandFailure(
            "\(namespace)/\(name) cannot be read: \(Sanitised.text(words, limit: 300))",
            remedy: "kubectl get services -A",
            status: .failed
        )
    }

    private func loadBalancers(_ service: TracedService) async throws -> [TraceHop] {
        guard let exposed = spec.loadBalancer.services.first(where: { Int($0.nodePort) == service.nodePort }) else {
            return []
        }
        var hops: [TraceHop] = []
        for host in spec.hosts(.loadBalancer) {
            hops += try await asked(host) { [try await loadBalancer(host, exposed)] }
        }
        return hops
    }

    private func loadBalancer(_ host: HostSpec, _ exposed: LoadBalancerSpec.Service) async throws -> TraceHop {
        let address = host.internalAddress.description
        let script = TraceScript.loadBalancer(exposed.name, address: address, port: exposed.port)
        let lines = try await sessions.lines(script, on: host)
        let backends = lines.dropLast().joined(separator: ", ")
        let text = "\(address):\(exposed.port), haproxy frontend service-\(exposed.name) -> \(backends)"
        return TraceHop(host: host.name, isWell: lines.last == "reached", text: text)
    }

    private func chains(_ service: TracedService, on host: HostSpec) async throws -> [TraceHop] {
        let lines = try await sessions.lines(TraceScript.natTable(of: service), on: host)
        let table = NATTable(saved: lines.joined(separator: "\n"))
        let isReached = lines.last == "reached"
        var hops: [TraceHop] = []
        if service.nodePort > 0 {
            let path = ServicePath.nodePort(table, port: service.nodePort)
            hops.append(try await nodePort(service.nodePort, of: host, path))
        }
        let path = ServicePath.clusterAddress(table, address: service.clusterAddress, port: service.port)
        hops.append(hop(host, "\(service.clusterAddress):\(service.port)", path, isReached: isReached))
        hops += (path?.endpoints ?? []).map { endpoint in
            let share = "\(Int((endpoint.share * 100).rounded())) %"
            let isKnown = service.endpoints.contains { "\($0.address):\($0.port)" == endpoint.destination }
            let text =
                "\(path?.chain ?? "") -> \(endpoint.chain) (\(share)) -> DNAT \(endpoint.destination)"
                + (isKnown ? "" : ", which the API does not know")
            return TraceHop(host: host.name, isWell: isKnown, text: text)
        }
        return hops
    }

    /// Tried from elsewhere: what the host itself sends there meets no firewall.
    private func nodePort(_ port: Int, of node: HostSpec, _ path: ServicePath?) async throws -> TraceHop {
        let others = spec.hosts(.loadBalancer) + spec.hosts(.controller) + spec.hosts(.worker)
        let client = others.first { $0.name != node.name } ?? node
        var isReached = false
        let unreached = try await asked(client) {
            isReached = try await sessions.lines(TraceScript.nodePort(port, of: node), on: client).last == "reached"
            return []
        }
        if let unreached = unreached.first { return unreached }
        return hop(node, "node port \(port), from \(client.name)", path, isReached: isReached)
    }

    private func hop(_ host: HostSpec, _ what: String, _ path: ServicePath?, isReached: Bool) -> TraceHop {
        guard let path else {
            return TraceHop(host: host.name, isWell: false, text: "\(what): no chain of kube-proxy speaks of it")
        }
        let chain = (path.entry + [path.chain]).joined(separator: " -> ")
        return TraceHop(host: host.name, isWell: isReached, text: "\(what): nat \(chain)")
    }

    private func way(to endpoint: TracedService.Endpoint, from worker: HostSpec) async throws -> [TraceHop] {
        let hops = try await asked(worker) {
            let route = try await sessions.lines(TraceScript.route(to: endpoint), on: worker)
            return [TraceHop(host: worker.name, isWell: route.last == "reached", text: route.first ?? "no route")]
        }
        guard let node = spec.hosts(.worker).first(where: { $0.nodeName == endpoint.node }) else { return hops }
        return try await hops + asked(node) { [try await container(endpoint, on: node)] }
    }

    private func container(_ endpoint: TracedService.Endpoint, on node: HostSpec) async throws -> TraceHop {
        let lines = try await sessions.lines(TraceScript.container(of: endpoint, under: spec.runtime.kind), on: node)
        let words = lines.dropLast().joined(separator: "; ")
        let text = "pod \(endpoint.pod) at \(endpoint.address): \(words)"
        return TraceHop(host: node.name, isWell: lines.last == "reached", text: text)
    }
}
