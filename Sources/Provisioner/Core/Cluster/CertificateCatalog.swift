import Templates

/// All leaf certificates of a cluster, derived from its spec.
package enum CertificateCatalog {
    /// In the hosts' order, `admin` last; identifiers are unique.
    package static func certificates(of spec: ClusterSpec) -> [CatalogCertificate] {
        var certificates: [CatalogCertificate] = []
        for host in spec.hosts { certificates += Self.certificates(of: spec, on: host) }
        certificates.append(admin(spec))
        return certificates
    }

    /// Those that lie on one host.
    static func certificates(of spec: ClusterSpec, on host: HostSpec) -> [CatalogCertificate] {
        var certificates: [CatalogCertificate] = []
        let leaves = HostCertificates(spec: spec, host: host)
        if host.has(.loadBalancer) { certificates.append(leaves.haproxyCheck) }
        if host.has(.etcd) { certificates += leaves.etcd }
        if host.has(.controller) { certificates += leaves.apiServer + leaves.controlPlane }
        if host.has(.worker) { certificates += leaves.worker }
        return certificates
    }

    private static func admin(_ spec: ClusterSpec) -> CatalogCertificate {
        CatalogCertificate(
            identifier: "admin",
            subject: CatalogCertificate.Subject(
                issuer: .kubernetes,
                commonName: "kubernetes-admin",
                organizations: ["provision:cluster-admins"],
                usages: [.clientAuth],
                lifetime: spec.pki.lifetime(ofLeaf: "admin")
            ),
            host: nil,
            certificatePath: "admin.crt",
            keyPath: "admin.key",
            owner: "root",
            group: "root",
            certificateMode: 0o600,
            keyMode: 0o600,
            consumers: [],
            reason: "the operator's own access; embedded in kubeconfigs for humans"
        )
    }
}
