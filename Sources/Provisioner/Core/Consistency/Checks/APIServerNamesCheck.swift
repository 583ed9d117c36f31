import PKI
import Templates

/// Every API server's certificate is valid for every name and address that clients use.
struct APIServerNamesCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        let shared = endpoints(of: cluster)
        return cluster.running("kube-apiserver.service").flatMap { host, unit -> [ConsistencyViolation] in
            guard let path = unit.flag("tls-cert-file"), let facts = host.certificate(path) else { return [] }
            let names = Set(facts.alternativeNames.map(Self.text))
            let wanted = own(host, unit) + shared + local(host)
            return wanted.filter { !names.contains($0.value) }.map { finding in
                ConsistencyViolation(
                    .apiServerNames,
                    host.place(path),
                    [finding, Finding(host.place(path), names.sorted().joined(separator: " "))],
                    remedy: "add \(finding.value) to endpoint.extraSANs, or correct the place that names it"
                )
            }
        }
    }

    /// The first service address, by which pods reach the API, and the server's own address.
    private func own(_ host: RenderedHost, _ unit: UnitText) -> [Finding] {
        let range = unit.flag("service-cluster-ip-range").flatMap { CIDR($0) }
        return [
            range?.address(at: 1).map { Finding(host.place(unit, "service-cluster-ip-range"), "\($0)") },
            unit.flag("advertise-address").map { Finding(host.place(unit, "advertise-address"), $0) },
        ].compactMap(\.self)
    }

    /// The endpoint, and every server that a kubeconfig of any host names.
    private func endpoints(of cluster: RenderedCluster) -> [Finding] {
        var seen: Set<String> = [cluster.spec.endpoint.address]
        let configured = cluster.hosts.flatMap { host in
            host.kubeconfigs.compactMap { file -> Finding? in
                guard let name = file.serverName, name != "127.0.0.1", seen.insert(name).inserted else { return nil }
                return Finding(host.place(file.path), name)
            }
        }
        return [Finding(.init(nil, "endpoint.address"), cluster.spec.endpoint.address)] + configured
    }

    private func local(_ host: RenderedHost) -> [Finding] {
        host.kubeconfigs.first { $0.serverName == "127.0.0.1" }.map { [Finding(host.place($0.path), "127.0.0.1")] }
            ?? []
    }

    static func text(_ name: CertificateProfile.AlternativeName) -> String {
        switch name {
        case .dns(let text), .ip(let text): text
        }
    }
}
