package import PKI
import Templates

/// An authority or a key in words, as `CertificateExplanation` has certificates: what hangs on it, and where it lies.
package struct RootExplanation: Sendable {
    package typealias Field = CertificateExplanation.Field

    package let root: TrustRoot
    private let spec: ClusterSpec

    package init(_ root: TrustRoot, _ spec: ClusterSpec) {
        self.root = root
        self.spec = spec
    }

    /// The root that is meant by its name, or by one of a generation: `kubernetes-ca`, `kubernetes-ca-g1`.
    package static func root(named identifier: String) -> TrustRoot? {
        if ["sa", "sa.key"].contains(identifier) { return .serviceAccount }
        return TrustRoot(rawValue: identifier.replacing(/-g[0-9]+$/, with: ""))
    }

    package var reason: String {
        switch root {
        case .kubernetes: "the authority whom API servers, kubelets and every kubeconfig trust"
        case .etcd: "the authority whom etcd's members trust, and API servers in front of etcd"
        case .frontProxy: "the authority whom API servers and extension servers trust for identity in headers"
        case .serviceAccount: "the key that signs tokens of service accounts, with which pods come to the API"
        case .encryption: "the key that encrypts Secrets in etcd"
        }
    }

    package var fields: [Field] {
        [
            Field("issues", issues), Field("store", store), Field("hosts", hosts),
            Field("life", root.isAuthority ? life : "a key has no end"), Field("ended", ended), Field("lost", lost),
            Field("renew", "provision certs rotate \(target) INVENTORY"),
        ].filter { !$0.text.isEmpty }
    }

    private var issues: String {
        let catalog = CertificateCatalog.certificates(of: spec)
        let roles = catalog.filter { $0.subject.issuer.rawValue == root.rawValue }.map(\.role)
        return Array(Set(roles)).sorted().joined(separator: ", ")
    }

    private var store: String {
        switch root {
        case .kubernetes, .etcd, .frontProxy: "pki/\(root.rawValue)/ca.crt, ca.key"
        case .serviceAccount: "pki/sa.key, sa.pub"
        case .encryption: "encryption.key"
        }
    }

    private var hosts: String {
        let files = spec.hosts.flatMap { host in
            TrustFile.all(of: host, in: spec).filter { $0.root == root }.map { (path: $0.path, host: host.name) }
        }
        let places = Dictionary(grouping: files, by: \.path).sorted { $0.key < $1.key }
        return places.map { "\($0.key) (\($0.value.map(\.host).joined(separator: ", ")))" }.joined(separator: "; ")
    }

    private var life: String {
        let authority = CatalogCertificate.Authority(rawValue: root.rawValue)
        return authority.map { "\(counted(spec.pki.lifetime(of: $0) / 86_400, "day")); apply never renews it" } ?? ""
    }

    private var ended: String {
        switch root {
        case .kubernetes: "nobody reaches the API any more; provision certs rotate --offline brings it back"
        case .etcd: "members leave each other and the API is down; provision certs rotate --offline brings it back"
        case .frontProxy: "aggregated APIs (metrics) fail"
        case .serviceAccount, .encryption: ""
        }
    }

    private var lost: String {
        switch root {
        case .kubernetes, .etcd, .frontProxy: "nothing stops until leaves end; certs rotate brings in another"
        case .serviceAccount: "with a new one every token is refused; a controller has it (docs/certificates.md)"
        case .encryption: "Secrets in etcd can be read by nobody; a controller has it (docs/certificates.md)"
        }
    }

    /// As the command line calls it.
    private var target: String { root == .kubernetes ? "ca" : root.rawValue }
}
