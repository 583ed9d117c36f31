/// What a leaf certificate says: pure data; a change of any field means a new certificate.
package struct CertificateProfile: Sendable, Hashable {
    package enum AlternativeName: Sendable, Hashable, Comparable, CustomStringConvertible {
        case dns(String)
        /// An IPv4 address in dotted form.
        case ip(String)

        /// As openssl's configuration writes it.
        package var description: String {
            switch self {
            case .dns(let name): "DNS:\(name)"
            case .ip(let address): "IP:\(address)"
            }
        }

        package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
    }

    package enum Usage: String, Sendable, Hashable, CaseIterable, Comparable {
        case serverAuth, clientAuth

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Unique, for example `apiserver@controller-0`.
    package var identifier: String
    /// The name of its authority, for example `kubernetes-ca`.
    package var issuer: String
    package var commonName: String
    package var organizations: [String]
    package var usages: Set<Usage>
    package var alternativeNames: Set<AlternativeName>
    package var algorithm: KeyAlgorithm
    /// Seconds.
    package var lifetime: Int64

    package init(
        identifier: String,
        issuer: String,
        commonName: String,
        organizations: [String] = [],
        usages: Set<Usage>,
        alternativeNames: Set<AlternativeName> = [],
        algorithm: KeyAlgorithm = .ecdsaP256,
        lifetime: Int64
    ) {
        self.identifier = identifier
        self.issuer = issuer
        self.commonName = commonName
        self.organizations = organizations
        self.usages = usages
        self.alternativeNames = alternativeNames
        self.algorithm = algorithm
        self.lifetime = lifetime
    }

    /// What must not be issued: names that X.509 or Kubernetes refuses.
    package var problems: [String] {
        var problems: [String] = []
        if commonName.isEmpty || commonName.utf8.count > 64 {
            problems.append("the common name '\(commonName)' must have 1 to 64 bytes (RFC 5280, ub-common-name)")
        }
        if usages.isEmpty { problems.append("no key usage is given") }
        for name in alternativeNames where !Self.isWritable(name) {
            problems.append("'\(name)' cannot stand in a certificate")
        }
        return problems
    }

    private static func isWritable(_ name: AlternativeName) -> Bool {
        let text: String
        switch name {
        case .dns(let value), .ip(let value): text = value
        }
        let allowed = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || ".-*".utf8.contains($0)
        }
        return !text.isEmpty && text.utf8.count <= 253 && allowed
    }
}

/// A certificate authority of the cluster.
package struct AuthorityProfile: Sendable, Hashable {
    /// For example `kubernetes-ca`; its subject is that name with its generation, `kubernetes-ca-g1`.
    package var name: String
    package var algorithm: KeyAlgorithm
    /// Seconds.
    package var lifetime: Int64
    /// Files of an authority made elsewhere.
    package var broughtCertificate: String?
    package var broughtKey: String?

    package init(
        name: String,
        algorithm: KeyAlgorithm = .ecdsaP256,
        lifetime: Int64,
        broughtCertificate: String? = nil,
        broughtKey: String? = nil
    ) {
        self.name = name
        self.algorithm = algorithm
        self.lifetime = lifetime
        self.broughtCertificate = broughtCertificate
        self.broughtKey = broughtKey
    }
}

/// How a key is made.
package enum KeyAlgorithm: Sendable, Hashable, CustomStringConvertible {
    case ecdsaP256
    case rsa(bits: Int)

    /// As the inventory calls it.
    package var description: String {
        switch self {
        case .ecdsaP256: "ecdsa-p256"
        case .rsa(let bits): "rsa-\(bits)"
        }
    }
}
