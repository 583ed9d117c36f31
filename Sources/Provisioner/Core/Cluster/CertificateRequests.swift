package import PKI
import Templates

/// The catalog as the credential store understands it.
package enum CertificateRequests {
    /// The authorities of a cluster, made or brought.
    package static func authorities(of spec: ClusterSpec) -> [AuthorityProfile] {
        CatalogCertificate.Authority.allCases.map { authority in
            let brought = spec.pki.broughtAuthorities[authority.rawValue]
            return AuthorityProfile(
                name: authority.rawValue,
                algorithm: algorithm(spec),
                lifetime: spec.pki.lifetime(of: authority),
                broughtCertificate: brought?.certificateFile,
                broughtKey: brought?.keyFile
            )
        }
    }

    package static func leaves(of spec: ClusterSpec) -> [CertificateProfile] {
        CertificateCatalog.certificates(of: spec).map { profile($0, spec) }
    }

    /// A member of `system:masters` for an hour: binds the administrators' group on the first run.
    package static func breakGlass(_ spec: ClusterSpec) -> CertificateProfile {
        CertificateProfile(
            identifier: "break-glass",
            issuer: CatalogCertificate.Authority.kubernetes.rawValue,
            commonName: "kubernetes-super-admin",
            organizations: ["system:masters"],
            usages: [.clientAuth],
            algorithm: algorithm(spec),
            lifetime: 3600
        )
    }

    private static func profile(_ entry: CatalogCertificate, _ spec: ClusterSpec) -> CertificateProfile {
        let subject = entry.subject
        let names = subject.dnsNames.map { CertificateProfile.AlternativeName.dns($0) }
        let addresses = subject.addresses.map { CertificateProfile.AlternativeName.ip($0.description) }
        return CertificateProfile(
            identifier: entry.identifier,
            issuer: subject.issuer.rawValue,
            commonName: subject.commonName,
            organizations: subject.organizations,
            usages: Set(subject.usages.compactMap { CertificateProfile.Usage(rawValue: $0.rawValue) }),
            alternativeNames: Set(names + addresses),
            algorithm: algorithm(spec),
            lifetime: subject.lifetime
        )
    }

    static func algorithm(_ spec: ClusterSpec) -> KeyAlgorithm {
        switch spec.pki.keyAlgorithm {
        case .ecdsaP256: .ecdsaP256
        case .rsa(let bits): .rsa(bits: bits)
        }
    }
}

extension CertificateRequests {
    /// A person's or a program's identity at the API.
    package static func person(
        _ name: String,
        groups: [String],
        lifetime: Int64,
        _ spec: ClusterSpec
    ) -> CertificateProfile {
        CertificateProfile(
            identifier: "user:\(name)",
            issuer: CatalogCertificate.Authority.kubernetes.rawValue,
            commonName: name,
            organizations: groups,
            usages: [.clientAuth],
            algorithm: algorithm(spec),
            lifetime: lifetime
        )
    }

    /// A client of nobody's group that a handshake matrix shows: believed or not, it may do nothing.
    package static func canary(_ root: TrustRoot, _ spec: ClusterSpec) -> CertificateProfile {
        CertificateProfile(
            identifier: "canary",
            issuer: root.rawValue,
            commonName: root == .frontProxy ? "front-proxy-client" : HandshakeMatrix.user,
            usages: [.clientAuth],
            algorithm: algorithm(spec),
            lifetime: 3600
        )
    }
}
