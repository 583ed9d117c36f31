package import Templates

/// The store as it is: nothing is made, issued or unlocked for the answer, so that it can be read when all has ended.
extension CredentialStore {
    /// A leaf of the store, and what the next run would do with it.
    package struct InspectedLeaf: Sendable {
        package var certificate: [UInt8]
        package var key: Secret<[UInt8]>
        package var facts: CertificateFacts
        package var decision: IssueDecision
        /// The same whatever its age.
        package var ageless: IssueDecision
    }

    /// Every certificate that is accepted as one authority, the older first; empty before it is made.
    package func accepted(_ profile: AuthorityProfile) throws -> [CertificateFacts] {
        let state = try trustState()
        guard let root = TrustRoot(rawValue: profile.name) else { throw unknown(profile.name) }
        let numbers = state.inForce(root).accepted
        return try generations(of: root, profile: profile).filter { numbers.contains($0.number) }.map { generation in
            try readable("pki/\(profile.name)/ca.crt") { try CertificateFacts(pem: generation.open) }
        }
    }

    /// Reads leaves side by side.
    ///
    /// - Parameters:
    ///   - profiles: What is wanted.
    ///   - authorities: Their authorities.
    /// - Returns: By identifier; what the store does not hold is missing.
    /// - Throws: `CredentialStoreError` when a file cannot be read.
    package func inspect(
        _ profiles: [CertificateProfile],
        authorities: [AuthorityProfile]
    ) async throws -> [String: InspectedLeaf] {
        let state = try trustState()
        var issuers: [String: CertificateFacts] = [:]
        for profile in authorities {
            guard let root = TrustRoot(rawValue: profile.name) else { throw unknown(profile.name) }
            let number = state.inForce(root).issuing
            guard let issuing = try generations(of: root, profile: profile).first(where: { $0.number == number })
            else { continue }
            issuers[profile.name] = try readable("pki/\(profile.name)/ca.crt") {
                try CertificateFacts(pem: issuing.open)
            }
        }
        let known = issuers
        let found = try await SideBySide.map(profiles) { profile -> InspectedLeaf? in
            guard let authority = known[profile.issuer], let pair = try stored(profile) else { return nil }
            let facts = try readable("pki/\(profile.issuer)/\(profile.identifier).crt") {
                try CertificateFacts(pem: pair.certificate)
            }
            let (key, young) = (pair.key.reveal(), at(facts.notBefore))
            let decision = decide(facts, key, profile, authority)
            let ageless = decision.isIssue ? young.decide(facts, key, profile, authority) : decision
            return InspectedLeaf(
                certificate: pair.certificate,
                key: pair.key,
                facts: facts,
                decision: decision,
                ageless: ageless
            )
        }
        return zip(profiles, found).reduce(into: [:]) { $0[$1.0.identifier] = $1.1 }
    }
}
