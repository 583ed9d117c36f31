import Templates

/// Objects that the first controller applies to the API.
extension Rendering {
    func accessManifest() -> RenderedFile { AccessManifest().rendered() }

    func nodesManifest() -> NodesManifest {
        NodesManifest(
            nodes: spec.hosts(.worker).compactMap { host in
                host.podCIDR.map {
                    NodesManifest.Node(name: host.nodeName, podCIDR: $0, labels: host.labels, taints: taints(host))
                }
            }
        )
    }

    /// `nil` where the inventory wants no cluster DNS from us.
    func dnsManifest() -> RenderedFile? {
        let policy = spec.images.preload ? "Never" : "IfNotPresent"
        switch spec.dns.provider {
        case .none: return nil
        case .coredns:
            var manifest = CoreDNSManifest(
                version: spec.versions.kubernetes,
                image: spec.images.dns,
                replicas: Int64(spec.dns.replicas),
                clusterDNS: spec.network.clusterDNS,
                clusterDomain: spec.network.clusterDomain,
                upstreams: spec.dns.upstreams
            )
            manifest.imagePullPolicy = policy
            return manifest.rendered()
        case .dnsmasq:
            var manifest = DNSMasqManifest(
                image: spec.images.dns,
                replicas: Int64(spec.dns.replicas),
                clusterDNS: spec.network.clusterDNS,
                clusterDomain: spec.network.clusterDomain,
                upstreams: spec.dns.upstreams
            )
            manifest.imagePullPolicy = policy
            return manifest.rendered()
        }
    }
}
