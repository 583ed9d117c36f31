import Templates

/// Every worker has a pod network of its own inside the cluster's, the same for CNI, the Node object and the inventory.
struct PodNetworkCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let objects = Dictionary(grouping: cluster.objects("Node")) { $0.object["metadata", "name"]?.text }
        let networks = cluster.running("kubelet.service").flatMap { host, _ in host.podNetworks }
        return cluster.running("kubelet.service").flatMap { host, _ in
            NetworkCheck.compare(
                .podNetwork,
                "podCIDR of \(host.name)",
                host.spec.podCIDR?.description ?? "nothing",
                own(host) + (objects[host.spec.nodeName] ?? []).flatMap { mentions($0.object, $0.place, host) }
            )
        } + outside(networks, cluster) + overlaps(networks)
    }

    private func own(_ host: RenderedHost) -> [NetworkCheck.Mention] {
        let own = host.podNetworks.map { NetworkCheck.Mention(place: $0.place, value: $0.text) }
        return own.isEmpty ? [.init(place: host.place("/etc/cni/net.d"), value: nil)] : own
    }

    private func mentions(_ object: ConfigDocument, _ place: Place, _ host: RenderedHost) -> [NetworkCheck.Mention] {
        let list = (object["spec", "podCIDRs"]?.items ?? []).map(\.text)
        return ([object["spec", "podCIDR"]?.text] + list).map {
            NetworkCheck.Mention(place: .init(place.host, "\(place.item) Node \(host.spec.nodeName)"), value: $0)
        }
    }

    private func outside(_ networks: [PodNetworkText], _ cluster: RenderedCluster) -> [ConsistencyViolation] {
        let whole = cluster.spec.network.podCIDR
        return networks.filter { network in network.cidr.map { !whole.contains($0) } ?? true }.map { network in
            ConsistencyViolation(
                .podNetworkOutside,
                network.place,
                [Finding(.init(nil, "network.podCIDR"), "\(whole)"), Finding(network.place, network.text)],
                remedy: "give the worker a podCIDR inside \(whole)"
            )
        }
    }

    /// In the order of their first addresses, each is held against the one that reaches farthest so far.
    private func overlaps(_ networks: [PodNetworkText]) -> [ConsistencyViolation] {
        let sorted = networks.compactMap { text in text.cidr.map { (text: text, cidr: $0) } }
            .sorted { $0.cidr.network < $1.cidr.network }
        guard var farthest = sorted.first else { return [] }
        return sorted.dropFirst().compactMap { next in
            defer { if next.cidr.lastAddress > farthest.cidr.lastAddress { farthest = next } }
            guard farthest.cidr.overlaps(next.cidr) else { return nil }
            return ConsistencyViolation(
                .podNetworkOverlap,
                next.text.place,
                [Finding(farthest.text.place, farthest.text.text), Finding(next.text.place, next.text.text)],
                remedy: "give each worker a podCIDR of its own"
            )
        }
    }
}
