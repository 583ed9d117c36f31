import PKI
import Templates

/// A worker goes by one name: node name, kubeconfig user, certificates, kube-proxy and Node object.
struct NodeIdentityCheck: ConsistencyCheck {
    /// One place and what it must say.
    private struct Claim {
        var place: Place
        var wanted: String
        var found: String?
    }

    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let nodes = Set(cluster.objects("Node").compactMap { $0.object["metadata", "name"]?.text })
        return cluster.running("kubelet.service").flatMap { host, unit in
            let object = Claim(
                place: .init(cluster.spec.hosts(.controller).first?.name, "Node \(host.spec.nodeName)"),
                wanted: host.spec.nodeName,
                found: nodes.contains(host.spec.nodeName) ? host.spec.nodeName : nil
            )
            let claims = client(host, unit) + serving(host, unit) + names(host, unit) + [object]
            return claims.filter { $0.found != $0.wanted }.map { violation($0, host) }
        }
    }

    private func violation(_ claim: Claim, _ host: RenderedHost) -> ConsistencyViolation {
        let inventory = Finding(.init(nil, "nodeName of \(host.name)"), host.spec.nodeName)
        return ConsistencyViolation(
            .nodeIdentity,
            claim.place,
            [inventory, Finding(claim.place, claim.found)],
            remedy: "it must be \(claim.wanted): the API server lets a node write only its own objects"
        )
    }

    private func client(_ host: RenderedHost, _ unit: UnitText) -> [Claim] {
        let user = "system:node:\(host.spec.nodeName)"
        let path = unit.flag("kubeconfig") ?? "kubelet.service"
        let kubeconfig = host.kubeconfigs.first { $0.path == path }
        let certificate = kubeconfig?.clientCertificate ?? "client certificate"
        let facts = host.certificate(certificate)
        return [
            Claim(place: host.place("\(path) user"), wanted: user, found: kubeconfig?.user),
            Claim(place: host.place("\(certificate) CN"), wanted: user, found: facts?.commonName),
            Claim(
                place: host.place("\(certificate) O"),
                wanted: "system:nodes",
                found: facts?.organizations.joined(separator: "+")
            ),
        ]
    }

    /// The API server asks kubelets by these names.
    private func serving(_ host: RenderedHost, _ unit: UnitText) -> [Claim] {
        let path = host.document(unit.flag("config"))?["tlsCertFile"]?.text ?? "serving certificate"
        let names = Set(host.certificate(path)?.alternativeNames.map(APIServerNamesCheck.text) ?? [])
        return [host.spec.nodeName, unit.flag("node-ip") ?? host.spec.internalAddress.description].map { name in
            let found = names.contains(name) ? name : names.sorted().joined(separator: " ")
            return Claim(place: host.place("\(path) SAN"), wanted: name, found: found)
        }
    }

    /// Overrides of the host's own name; there need not be any.
    private func names(_ host: RenderedHost, _ unit: UnitText) -> [Claim] {
        let kubelet = unit.flag("hostname-override").map { (host.place(unit, "hostname-override"), $0) }
        let path = host.unit("kube-proxy.service")?.flag("config")
        let proxy = host.document(path)?["hostnameOverride"]?.text.map {
            (host.place("\(path ?? "") hostnameOverride"), $0)
        }
        return [kubelet, proxy].compactMap(\.self).map {
            Claim(place: $0.0, wanted: host.spec.nodeName, found: $0.1)
        }
    }
}
