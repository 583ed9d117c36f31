import PKI

/// One end of a connection: a certificate or a bundle of authorities, and the flag or field that names its file.
struct TrustEnd {
    var place: ConsistencyViolation.Place
    var path: String
    var certificates: [CertificateFacts]

    /// Whether an authority's key signed the certificate; what has no key identifiers cannot be judged.
    func trusts(_ shown: TrustEnd) -> Bool {
        let keys = certificates.map(\.subjectKeyIdentifier).filter { !$0.isEmpty }
        guard let leaf = shown.certificates.first, !leaf.authorityKeyIdentifier.isEmpty, !keys.isEmpty else {
            return true
        }
        return keys.contains(leaf.authorityKeyIdentifier)
    }

    var finding: ConsistencyViolation.Finding { .init(place, path) }
}

extension RenderedCluster {
    /// The files that a flag of a unit names, host by host.
    func ends(_ unit: String, _ flag: String) -> [TrustEnd] {
        running("\(unit).service").compactMap { host, unit in
            unit.flag(flag).map { .init(place: host.place(unit, flag), path: $0, certificates: host.bundle($0)) }
        }
    }

    /// The files that a field of the kubelets' configuration names.
    func kubeletEnds(_ keys: String...) -> [TrustEnd] {
        running("kubelet.service").compactMap { host, unit in
            guard let config = unit.flag("config"),
                let path = keys.reduce(host.document(config), { $0?[$1] })?.text
            else { return nil }
            let place = host.place("\(config) \(keys.joined(separator: "."))")
            return .init(place: place, path: path, certificates: host.bundle(path))
        }
    }

    /// The client certificates, or the authorities, of every kubeconfig that names files.
    func kubeconfigEnds(_ field: String, _ path: (KubeconfigText) -> String?) -> [TrustEnd] {
        hosts.flatMap { host in
            host.kubeconfigs.compactMap { file in
                path(file).map {
                    .init(place: host.place("\(file.path) \(field)"), path: $0, certificates: host.bundle($0))
                }
            }
        }
    }
}
