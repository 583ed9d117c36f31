import Templates

/// Every worker and controller has a route to every other worker's pods by that worker's address, none to its own,
/// in the kernel now and in the unit that sets them at boot.
struct RouteCheck: ConsistencyCheck {
    /// Network to gateway.
    private typealias Routes = [String: String]

    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let workers = cluster.running("kubelet.service").flatMap { host, unit in
            host.podNetworks.map { (host: host.name, network: $0.text, gateway: unit.flag("node-ip")) }
        }
        return cluster.hosts.filter { $0.unit("kubelet.service") != nil || $0.unit("kube-apiserver.service") != nil }
            .flatMap { host -> [ConsistencyViolation] in
                let others = workers.filter { $0.host != host.name }
                let wanted = Routes(others.map { ($0.network, $0.gateway ?? "?") }) { first, _ in first }
                return compare(kernel(host), wanted, host.place("route"))
                    + compare(boot(host), wanted, host.place("provision-routes.service ExecStart"))
            }
    }

    private func kernel(_ host: RenderedHost) -> Routes {
        let routes = host.resources.compactMap { $0 as? RouteResource }
        return Routes(routes.map { ("\($0.destination)", "\($0.gateway)") }) { first, _ in first }
    }

    /// A command that ends in `NETWORK GATEWAY NUMBER`; a route without our number would look foreign.
    private func boot(_ host: RenderedHost) -> Routes {
        let commands = host.unit("provision-routes.service")?.commands.filter { $0.setting == "ExecStart" } ?? []
        let routes = commands.compactMap { command -> (String, String)? in
            let words = Array(command.words.suffix(3))
            guard command.words.count > 5, words.count == 3 else { return nil }
            let ours = words[2] == String(RouteResource.protocolNumber)
            return (words[0], ours ? words[1] : "\(words[1]), not marked as ours")
        }
        return Routes(routes) { first, _ in first }
    }

    private func compare(_ found: Routes, _ wanted: Routes, _ place: Place) -> [ConsistencyViolation] {
        Set(found.keys).union(wanted.keys).sorted().filter { found[$0] != wanted[$0] }.map { network in
            let subject = Place(place.host, "\(place.item) \(network)")
            return ConsistencyViolation(
                found[network] == nil ? .routeMissing : .routeWrong,
                subject,
                [
                    Finding(.init(nil, "the worker behind \(network)"), wanted[network]),
                    Finding(subject, found[network]),
                ],
                remedy:
                    "every worker's pods are reached by that worker's address, from every other worker and controller"
            )
        }
    }
}
