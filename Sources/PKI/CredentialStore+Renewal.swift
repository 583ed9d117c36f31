import Templates

/// Leaves issued before their time, and put back where they do not come into use.
extension CredentialStore {
    /// Issues these anew, whatever their age; hosts follow with the next plan.
    ///
    /// - Parameters:
    ///   - profiles: What to issue.
    ///   - authorities: Their authorities.
    /// - Throws: `CredentialStoreError`, `OpenSSLError`, `IndependentVerifier.Rejection`; nothing was written then.
    package func renew(_ profiles: [CertificateProfile], authorities: [AuthorityProfile]) async throws {
        var issuers: [String: CertificateAuthority] = [:]
        for name in Set(profiles.map(\.issuer)) {
            guard let authority = authorities.first(where: { $0.name == name }) else { throw unknown(name) }
            issuers[name] = try self.authority(authority)
        }
        let known = issuers
        let outcomes = try await SideBySide.map(profiles) { profile -> Result<Credentials.Leaf, RequestWaiting> in
            guard let authority = known[profile.issuer] else { throw unknown(profile.issuer) }
            do { return .success(try await fresh(profile, by: authority, reason: "renewed")) } catch let request
                as RequestWaiting
            { return .failure(request) }
        }
        var waiting: [RequestWaiting] = []
        var made: [(CertificateProfile, Credentials.Leaf)] = []
        for (profile, outcome) in zip(profiles, outcomes) {
            switch outcome {
            case .failure(let request): waiting.append(request)
            case .success(let leaf): if known[profile.issuer]?.isRemote == false { made.append((profile, leaf)) }
            }
        }
        if !waiting.isEmpty { throw RequestWaiting.error(waiting) }
        try write(made)
    }

    /// A pair as it lay in the store before it was renewed.
    package struct EarlierLeaf: Sendable {
        package let profile: CertificateProfile
        let leaf: Credentials.Leaf
    }

    /// What a renewal of these would replace, as far as it can be used still.
    ///
    /// - Parameter profiles: What is to be renewed.
    /// - Returns: Pairs that have not ended; what is missing, damaged or over has nothing to go back to.
    /// - Throws: `CredentialStoreError` when a file cannot be read.
    package func earlier(_ profiles: [CertificateProfile]) throws -> [EarlierLeaf] {
        try profiles.compactMap { profile in
            guard let pair = try stored(profile), let facts = try? CertificateFacts(pem: pair.certificate),
                let key = try? KeyFacts(pem: pair.key.reveal()), key.matches(facts), facts.notAfter > now
            else { return nil }
            let days = Int((facts.notAfter - now) / 86_400)
            let leaf = Credentials.Leaf(
                certificate: pair.certificate,
                key: pair.key,
                decision: .keep(daysLeft: days),
                notAfter: facts.notAfter
            )
            return EarlierLeaf(profile: profile, leaf: leaf)
        }
    }

    /// Writes pairs back; hosts follow with the next plan of a store that holds them.
    ///
    /// - Parameter earlier: What `earlier(_:)` found.
    /// - Throws: `CredentialStoreError`; untyped, since an optimised build of Swift 6.3.1 crashes on an async caller of a
    ///   typed one (CoroSplit, swifterror).
    package func putBack(_ earlier: [EarlierLeaf]) throws {
        try write(earlier.map { ($0.profile, $0.leaf) })
    }
}
