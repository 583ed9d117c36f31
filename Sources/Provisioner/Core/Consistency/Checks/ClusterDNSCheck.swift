import Templates

/// Pods ask the address that the DNS service holds, and that address is a service's.
struct ClusterDNSCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let mentions = kubelets(cluster) + services(cluster)
        let wanted = "\(cluster.spec.network.clusterDNS)"
        return NetworkCheck.compare(.clusterDNS, "network.clusterDNS", wanted, mentions) + outside(mentions, cluster)
    }

    private func kubelets(_ cluster: RenderedCluster) -> [NetworkCheck.Mention] {
        cluster.running("kubelet.service").flatMap { host, unit -> [NetworkCheck.Mention] in
            let path = unit.flag("config") ?? "kubelet.service"
            let place = host.place("\(path) clusterDNS")
            let addresses = (host.document(path)?["clusterDNS"]?.items ?? []).map(\.text)
            return (addresses.isEmpty ? [nil] : addresses).map { .init(place: place, value: $0) } + flag(host, unit)
        }
    }

    /// A cache on the node itself has a link-local address and asks the service in turn.
    private func flag(_ host: RenderedHost, _ unit: UnitText) -> [NetworkCheck.Mention] {
        (unit.flag("cluster-dns") ?? "").split(separator: ",").filter { !$0.hasPrefix("169.254.") }.map {
            .init(place: host.place(unit, "cluster-dns"), value: String($0))
        }
    }

    /// The service must exist unless the inventory leaves cluster DNS to somebody else.
    private func services(_ cluster: RenderedCluster) -> [NetworkCheck.Mention] {
        let found = DNSManifestText(cluster).addresses
        guard found.isEmpty, cluster.spec.dns.provider != .none else { return found }
        return [.init(place: .init(cluster.spec.hosts(.controller).first?.name, "Service kube-dns"), value: nil)]
    }

    /// Held against the range of every API server, and told once.
    private func outside(_ mentions: [NetworkCheck.Mention], _ cluster: RenderedCluster) -> [ConsistencyViolation] {
        let servers = cluster.running("kube-apiserver.service").compactMap { host, unit in
            unit.flag("service-cluster-ip-range").map { Finding(host.place(unit, "service-cluster-ip-range"), $0) }
        }
        return mentions.compactMap { mention in
            guard let address = mention.value.flatMap({ IPv4Address($0) }) else { return nil }
            let foreign = servers.filter { !isUsable(address, in: $0.value) }
            guard !foreign.isEmpty else { return nil }
            return ConsistencyViolation(
                .clusterDNSOutside,
                mention.place,
                [Finding(mention.place, mention.value)] + foreign,
                remedy: "take an address of the service network that is not its first one"
            )
        }
    }

    /// The first address is the API's own.
    private func isUsable(_ address: IPv4Address, in text: String) -> Bool {
        guard let range = CIDR(text) else { return true }
        return range.contains(address) && address != range.address(at: 1)
    }
}
