import Templates

/// haproxy's backends behind the endpoint's port are the API servers, all of them and nothing else.
struct LoadBalancerCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let servers = cluster.running("kube-apiserver.service").map { host, unit in
            let address = unit.flag("advertise-address") ?? host.spec.internalAddress.description
            return "\(address):\(unit.flag("secure-port") ?? "6443")"
        }
        return cluster.running("haproxy.service").flatMap { host, unit in
            configurations(of: unit, on: host).compactMap { check($0, host, Set(servers), cluster) }
        }
    }

    private func configurations(of unit: UnitText, on host: RenderedHost) -> [String] {
        let words = unit.commands.filter { $0.setting == "ExecStart" }.flatMap(\.words)
        return zip(words, words.dropFirst()).filter { $0.0 == "-f" }.map(\.1)
    }

    private func check(
        _ path: String,
        _ host: RenderedHost,
        _ servers: Set<String>,
        _ cluster: RenderedCluster
    ) -> ConsistencyViolation? {
        let port = cluster.spec.endpoint.port
        let backend = host.files[path].map { HAProxyText($0) }?.backend(ofPort: port)
        let found = Set(backend?.values("server").compactMap { $0.dropFirst().first } ?? [])
        guard found != servers else { return nil }
        let place = host.place("\(path) port \(port)")
        let text = found.isEmpty ? nil : found.sorted().joined(separator: " ")
        return ConsistencyViolation(
            .loadBalancerBackends,
            place,
            [
                Finding(.init(nil, "addresses of the controllers"), servers.sorted().joined(separator: " ")),
                Finding(place, text),
            ],
            remedy: "every API server is a backend of the endpoint's port, and nothing else is"
        )
    }
}
