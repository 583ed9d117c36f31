import PKI

/// etcd's certificates are valid for the addresses that peers and clients dial; peers compare them with what they see.
struct EtcdNamesCheck: ConsistencyCheck {
    private static let pairs = [
        ("advertise-client-urls", "cert-file"), ("listen-client-urls", "cert-file"),
        ("initial-advertise-peer-urls", "peer-cert-file"),
    ]

    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        cluster.running("etcd.service").flatMap { host, unit in
            Self.pairs.flatMap { check(host, unit, urls: $0.0, certificate: $0.1) }
        }
    }

    private func check(
        _ host: RenderedHost,
        _ unit: UnitText,
        urls flag: String,
        certificate: String
    ) -> [ConsistencyViolation] {
        guard let path = unit.flag(certificate), let facts = host.certificate(path) else { return [] }
        let names = Set(facts.alternativeNames.map(APIServerNamesCheck.text))
        let dialled = (unit.flag(flag) ?? "").split(separator: ",").compactMap { url in
            url.split(separator: "/").last.flatMap { $0.split(separator: ":").first }.map(String.init)
        }
        return dialled.filter { !names.contains($0) }.map { name in
            ConsistencyViolation(
                .etcdNames,
                host.place(path),
                [
                    Finding(host.place(unit, flag), name),
                    Finding(host.place(path), names.sorted().joined(separator: " ")),
                ],
                remedy: "correct the host's internalAddress, so that the certificate is issued for \(name)"
            )
        }
    }
}
