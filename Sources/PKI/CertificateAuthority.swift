internal import COpenSSL

/// A certificate, with its key able to issue leaves; without it, leaves are requested from where the key is.
package struct CertificateAuthority: Sendable {
    package let certificate: Certificate
    private let signingKey: PrivateKey?
    package let facts: CertificateFacts
    /// Whether it is being replaced and its key is not here: what it issued stays in use as long as it lives.
    var isLeaving = false

    package init(certificate: Certificate, key: PrivateKey?) throws {
        self.certificate = certificate
        signingKey = key
        facts = try CertificateFacts(pem: try certificate.pem())
    }

    /// Whether its key lies elsewhere.
    package var isRemote: Bool { signingKey == nil }

    package var key: PrivateKey {
        get throws(CredentialStoreError) {
            if let signingKey { return signingKey }
            throw CredentialStoreError(
                code: .authorityKeyMissing,
                subject: facts.commonName,
                reason: "its key lies elsewhere",
                remedy: "do this where the key is, or give pki.authorities its keyFile"
            )
        }
    }

    /// How far an authority is back-dated, so that a host whose clock is behind trusts it: a day, in seconds.
    private static let authorityBackdating: Int64 = 86_400
    /// The same for leaves: five minutes.
    private static let leafBackdating: Int64 = 300

    /// Makes a new self-signed authority; its subject names its generation, because with equal subjects Go's
    /// verification errors mislead.
    ///
    /// - Parameters:
    ///   - profile: What it is.
    ///   - generation: Counted from 1.
    ///   - now: Seconds since 1970.
    ///   - known: Its key, where it has one already.
    /// - Returns: The authority with its key.
    /// - Throws: `OpenSSLError`.
    package static func make(
        _ profile: AuthorityProfile,
        generation: Int,
        now: Int64,
        key known: PrivateKey? = nil
    ) throws -> CertificateAuthority {
        let key = try known ?? PrivateKey.generate(profile.algorithm)
        let builder = try CertificateBuilder()
        try builder.setValidity(from: now - authorityBackdating, to: now + profile.lifetime)
        try builder.setSubject(commonName: "\(profile.name)-g\(generation)", organizations: [])
        try builder.setIssuer(nil)
        try builder.setKey(key)
        try builder.addExtensions(
            [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
            ],
            issuer: nil
        )
        return try CertificateAuthority(certificate: try builder.signed(by: key), key: key)
    }

    /// Issues a leaf for a key.
    ///
    /// Never valid outside the authority's own time.
    package func issue(_ profile: CertificateProfile, for leaf: PrivateKey, now: Int64) throws -> Certificate {
        let builder = try CertificateBuilder()
        try builder.setValidity(
            from: max(now - Self.leafBackdating, facts.notBefore),
            to: min(now + profile.lifetime, facts.notAfter)
        )
        try builder.setSubject(commonName: profile.commonName, organizations: profile.organizations)
        try builder.setIssuer(certificate)
        try builder.setKey(leaf)
        try builder.addExtensions(Self.extensions(profile, isRSA: leaf.isRSA), issuer: certificate)
        return try builder.signed(by: try key)
    }

    static func extensions(_ profile: CertificateProfile, isRSA: Bool) -> [(Int32, String)] {
        let usages = profile.usages.sorted(by: >).map(\.rawValue).joined(separator: ",")
        let names = profile.alternativeNames.sorted().map(\.description).joined(separator: ",")
        return [
            (NID_basic_constraints, "critical,CA:FALSE"),
            (NID_key_usage, "critical,digitalSignature" + (isRSA ? ",keyEncipherment" : "")),
            (NID_ext_key_usage, usages), (NID_subject_key_identifier, "hash"),
            (NID_authority_key_identifier, "keyid:always"),
        ] + (names.isEmpty ? [] : [(NID_subject_alt_name, names)])
    }
}
