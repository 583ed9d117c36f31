package import Templates

/// Leaves: issued when, and only when, their profile, issuer or age says so.
extension CredentialStore {
    func issue(
        _ profiles: [CertificateProfile],
        by authorities: [String: CertificateAuthority]
    ) async throws -> [String: Credentials.Leaf] {
        var leaves: [String: Credentials.Leaf] = [:]
        var waiting: [RequestWaiting] = []
        for profile in profiles {
            guard let authority = authorities[profile.issuer] else {
                throw CredentialStoreError(
                    code: .profileInvalid,
                    subject: profile.identifier,
                    reason: "its authority \(profile.issuer) is unknown",
                    remedy: "correct the catalog"
                )
            }
            do { leaves[profile.identifier] = try await leaf(profile, by: authority) } catch let request
                as RequestWaiting
            {
                waiting.append(request)
            }
        }
        if !waiting.isEmpty { throw RequestWaiting.error(waiting) }
        return leaves
    }

    /// A leaf that is never written: for the one binding that makes administrators.
    ///
    /// - Parameters:
    ///   - profile: The leaf.
    ///   - authority: Its authority.
    /// - Returns: The leaf; `nil` where the authority's key lies elsewhere and the request waits there.
    /// - Throws: What stands in the way.
    package func ephemeral(
        _ profile: CertificateProfile,
        authority: AuthorityProfile
    ) async throws -> Credentials.Leaf? {
        do {
            return try await fresh(profile, by: try self.authority(authority), reason: "lives in memory", writes: false)
        } catch is RequestWaiting { return nil }
    }

    /// What the store holds for a profile, whether or not it may stay; `nil` where one of the two files is missing.
    package func stored(_ profile: CertificateProfile) throws -> (certificate: [UInt8], key: Secret<[UInt8]>)? {
        let folder = folder(of: profile.issuer)
        guard let certificate = try folder.read("\(profile.identifier).crt"),
            let key = try folder.read("\(profile.identifier).key", isSecret: true)
        else { return nil }
        return (certificate, Secret(key))
    }

    /// Issues these anew, whatever their age; hosts follow with the next plan.
    package func renew(_ profiles: [CertificateProfile], authorities: [AuthorityProfile]) async throws {
        for profile in profiles {
            guard let authority = authorities.first(where: { $0.name == profile.issuer }) else {
                throw unknown(profile.issuer)
            }
            _ = try await fresh(profile, by: try self.authority(authority), reason: "renewed", writes: true)
        }
    }

    private func leaf(
        _ profile: CertificateProfile,
        by authority: CertificateAuthority
    ) async throws -> Credentials.Leaf {
        let folder = folder(of: profile.issuer)
        let decision: IssueDecision
        if let certificate = try folder.read("\(profile.identifier).crt"),
            let key = try folder.read("\(profile.identifier).key", isSecret: true)
        {
            decision = decide(certificate, key, profile, authority)
            if case .keep = decision, let facts = try? CertificateFacts(pem: certificate) {
                return .init(certificate: certificate, key: Secret(key), decision: decision, notAfter: facts.notAfter)
            }
        } else {
            decision = .issue(reason: "is new or was lost")
        }
        guard case .issue(let reason) = decision else {
            return try await fresh(profile, by: authority, reason: "", writes: !isDryRun)
        }
        return try await fresh(profile, by: authority, reason: reason, writes: !isDryRun)
    }

    private func decide(
        _ certificate: [UInt8],
        _ key: [UInt8],
        _ profile: CertificateProfile,
        _ authority: CertificateAuthority
    ) -> IssueDecision {
        guard let facts = try? CertificateFacts(pem: certificate), let leaf = try? Certificate(pem: certificate),
            let pair = try? PrivateKey(pem: Secret(key))
        else { return .issue(reason: "cannot be read") }
        guard pair.matches(leaf) else { return .issue(reason: "key and certificate are not a pair") }
        guard pair.isRSA == (profile.algorithm != .ecdsaP256) else {
            return .issue(reason: "the key algorithm differs")
        }
        return IssueDecision.compare(facts, with: profile, authority: authority.facts, now: now)
    }

    /// Issued by libcrypto, checked by swift-certificates, then written: key first, so that a crash leaves a pair that
    /// does not match and is issued again.
    func fresh(
        _ profile: CertificateProfile,
        by authority: CertificateAuthority,
        reason: String,
        writes: Bool
    ) async throws -> Credentials.Leaf {
        if authority.isRemote { return try await requested(profile, from: authority, reason: reason) }
        let key = try PrivateKey.generate(profile.algorithm)
        let certificate = try authority.issue(profile, for: key, now: now)
        let pem = try certificate.pem()
        let facts = try CertificateFacts(pem: pem)
        try await IndependentVerifier(authority: authority.facts, now: now).verify(facts, against: profile)
        let secret = try key.pem()
        if writes {
            let folder = folder(of: profile.issuer)
            try folder.write(secret.reveal(), to: "\(profile.identifier).key")
            try folder.write(pem, to: "\(profile.identifier).crt")
        }
        return .init(certificate: pem, key: secret, decision: .issue(reason: reason), notAfter: facts.notAfter)
    }
}
