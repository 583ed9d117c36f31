/// The cluster DNS manifest read back: its service address and the domain that its pods serve.
struct DNSManifestText {
    private let cluster: RenderedCluster

    init(_ cluster: RenderedCluster) { self.cluster = cluster }

    /// The service's address, once for every manifest that makes the service.
    var addresses: [NetworkCheck.Mention] {
        let services = cluster.objects("Service").filter { $0.object["metadata", "name"]?.text == "kube-dns" }
        return services.map { place, object in
            .init(
                place: .init(place.host, "\(place.item) Service kube-dns"),
                value: object["spec", "clusterIP"]?.text
            )
        }
    }

    /// Every place of the manifest that names the domain: Corefile zones, dnsmasq's flags, the feeder's environment.
    var domains: [NetworkCheck.Mention] {
        let files = cluster.objects("ConfigMap").flatMap { place, object in
            zones(object["data", "Corefile"]?.text).map { named($0, "\(place.item) Corefile", place) }
        }
        let pods = cluster.objects("Deployment").flatMap { place, object -> [NetworkCheck.Mention] in
            let containers = object["spec", "template", "spec", "containers"]?.items ?? []
            return containers.flatMap { container in
                local(container).map { named($0, "\(place.item) --local", place) }
                    + environment(container).map { named($0, "\(place.item) CLUSTER_DOMAIN", place) }
            }
        }
        return files + pods
    }

    private func named(_ value: String, _ item: String, _ place: ConsistencyViolation.Place) -> NetworkCheck.Mention {
        .init(place: .init(place.host, item), value: value)
    }

    /// The zones of server blocks and of the `kubernetes` plugin, without reverse zones and the root.
    private func zones(_ corefile: String?) -> [String] {
        (corefile ?? "").split(separator: "\n").flatMap { line -> [String] in
            let words = line.split(separator: " ").filter { $0 != "{" }
            let isBlock = line.hasSuffix("{") && !line.hasPrefix(" ")
            guard isBlock || words.first == "kubernetes" else { return [] }
            return (isBlock ? words[...] : words.dropFirst()).map { String($0.prefix { $0 != ":" }) }
                .filter { $0 != "." && !$0.hasSuffix(".arpa") }
        }
    }

    private func local(_ container: ConfigDocument) -> [String] {
        (container["command"]?.items ?? []).compactMap(\.text).filter { $0.hasPrefix("--local=/") }
            .map { String($0.dropFirst("--local=/".count).dropLast()) }
    }

    private func environment(_ container: ConfigDocument) -> [String] {
        [container["env"]?.item("name", "CLUSTER_DOMAIN")?["value"]?.text].compactMap(\.self)
    }
}
