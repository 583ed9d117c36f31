/// Service network, pod network and cluster domain are the inventory's in every component that names them.
struct NetworkCheck: ConsistencyCheck {
    /// One place that names a value; `nil` where it should and does not.
    struct Mention {
        var place: Place
        var value: String?
    }

    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let network = cluster.spec.network
        let services = flags("service-cluster-ip-range", ["kube-apiserver", "kube-controller-manager"], cluster)
        let pods = flags("cluster-cidr", ["kube-controller-manager"], cluster) + proxies(cluster)
        return Self.compare(.serviceCIDR, "network.serviceCIDR", "\(network.serviceCIDR)", services)
            + Self.compare(.podCIDR, "network.podCIDR", "\(network.podCIDR)", pods)
            + Self.compare(.clusterDomain, "network.clusterDomain", network.clusterDomain, domains(cluster))
    }

    /// One violation for every mention that is not as the inventory says.
    static func compare(
        _ code: ConsistencyViolation.Code,
        _ key: String,
        _ wanted: String,
        _ mentions: [Mention]
    ) -> [ConsistencyViolation] {
        mentions.filter { $0.value != wanted }.map { mention in
            ConsistencyViolation(
                code,
                mention.place,
                [Finding(.init(nil, key), wanted), Finding(mention.place, mention.value)],
                remedy: "take the override out of extraFlags or extraConfiguration, or set \(key)"
            )
        }
    }

    private func flags(_ flag: String, _ components: [String], _ cluster: RenderedCluster) -> [Mention] {
        components.flatMap { cluster.running("\($0).service") }.map { host, unit in
            Mention(place: host.place(unit, flag), value: unit.flag(flag))
        }
    }

    private func proxies(_ cluster: RenderedCluster) -> [Mention] {
        cluster.running("kube-proxy.service").map { host, unit in
            let path = unit.flag("config") ?? "kube-proxy.service"
            return Mention(place: host.place("\(path) clusterCIDR"), value: host.document(path)?["clusterCIDR"]?.text)
        }
    }

    private func domains(_ cluster: RenderedCluster) -> [Mention] {
        // An issuer outside the cluster says nothing about the domain.
        let issuer = "https://kubernetes.default.svc."
        let servers = flags("service-account-issuer", ["kube-apiserver"], cluster).compactMap { mention in
            mention.value.flatMap { $0.hasPrefix(issuer) ? String($0.dropFirst(issuer.count)) : nil }
                .map { Mention(place: mention.place, value: $0) }
        }
        let kubelets = cluster.running("kubelet.service").map { host, unit in
            let path = unit.flag("config") ?? "kubelet.service"
            return Mention(
                place: host.place("\(path) clusterDomain"),
                value: host.document(path)?["clusterDomain"]?.text
            )
        }
        return servers + kubelets + DNSManifestText(cluster).domains
    }
}
