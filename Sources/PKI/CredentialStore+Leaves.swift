package import Templates

/// Leaves: issued when, and only when, their profile, issuer or age says so.
extension CredentialStore {
    func issue(
        _ profiles: [CertificateProfile],
        by authorities: [String: CertificateAuthority],
        _ beforeIssuing: @Sendable () async throws -> Void
    ) async throws -> [String: Credentials.Leaf] {
        let outcomes = try await SideBySide.map(profiles) { try await outcome($0, authorities) }
        if writes(profiles, outcomes, authorities) { try await beforeIssuing() }
        return try gather(profiles, outcomes, authorities)
    }

    private typealias Outcome = Result<Credentials.Leaf, RequestWaiting>

    private func outcome(
        _ profile: CertificateProfile,
        _ authorities: [String: CertificateAuthority]
    ) async throws -> Outcome {
        guard let authority = authorities[profile.issuer] else {
            throw CredentialStoreError(
                code: .profileInvalid,
                subject: profile.identifier,
                reason: "its authority \(profile.issuer) is unknown",
                remedy: "correct the catalog"
            )
        }
        do { return .success(try await leaf(profile, by: authority)) } catch let request as RequestWaiting {
            return .failure(request)
        }
    }

    private func writes(
        _ profiles: [CertificateProfile],
        _ outcomes: [Outcome],
        _ authorities: [String: CertificateAuthority]
    ) -> Bool {
        !isDryRun
            && zip(profiles, outcomes).contains { profile, outcome in
                guard case .success(let leaf) = outcome else { return false }
                return isMade(leaf, profile, authorities)
            }
    }

    /// What came from a request is written already.
    private func isMade(
        _ leaf: Credentials.Leaf,
        _ profile: CertificateProfile,
        _ authorities: [String: CertificateAuthority]
    ) -> Bool {
        leaf.decision.isIssue && authorities[profile.issuer]?.isRemote == false
    }

    /// Writes what was made; what waits for an answer from outside is an error once everything else is written.
    private func gather(
        _ profiles: [CertificateProfile],
        _ outcomes: [Outcome],
        _ authorities: [String: CertificateAuthority]
    ) throws -> [String: Credentials.Leaf] {
        var leaves: [String: Credentials.Leaf] = [:]
        var waiting: [RequestWaiting] = []
        var made: [(CertificateProfile, Credentials.Leaf)] = []
        for (profile, outcome) in zip(profiles, outcomes) {
            switch outcome {
            case .failure(let request): waiting.append(request)
            case .success(let leaf):
                leaves[profile.identifier] = leaf
                if isMade(leaf, profile, authorities) { made.append((profile, leaf)) }
            }
        }
        if !isDryRun { try write(made) }
        if !waiting.isEmpty { throw RequestWaiting.error(waiting, areWritten: !isDryRun) }
        return leaves
    }

    /// Key first, so that a crash leaves a pair that does not match and is issued again.
    func write(_ leaves: [(profile: CertificateProfile, leaf: Credentials.Leaf)]) throws(CredentialStoreError) {
        for (issuer, group) in Dictionary(grouping: leaves, by: \.profile.issuer).sorted(by: { $0.key < $1.key }) {
            var files: [(name: String, bytes: [UInt8])] = []
            for (profile, leaf) in group {
                files.append(("\(profile.identifier).key", leaf.key.reveal()))
                files.append(("\(profile.identifier).crt", leaf.certificate))
            }
            try folder(of: issuer).write(files)
        }
    }

    /// A leaf that is kept nowhere: for a person, and for the one binding that makes administrators.
    ///
    /// Where the authority's key lies elsewhere its key and the answer wait with the request until `discard`.
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
        try await exclusively { () async throws -> Credentials.Leaf? in
            let issuer = try existing(authority)
            guard issuer.isRemote else { return try await fresh(profile, by: issuer, reason: "lives in memory") }
            let folder = try requests(to: profile.issuer)
            do { return try await answer(to: profile, from: issuer, in: folder) } catch is RequestWaiting { return nil }
        }
    }

    /// One leaf of the store, issued where its profile, its issuer or its age says so; nothing else is.
    ///
    /// - Parameters:
    ///   - profile: The leaf.
    ///   - authority: Its authority, which is there already.
    /// - Returns: The leaf.
    /// - Throws: What stands in the way.
    package func only(_ profile: CertificateProfile, authority: AuthorityProfile) async throws -> Credentials.Leaf {
        try refuseInvalid([profile])
        return try await exclusively { () async throws -> Credentials.Leaf in
            let leaves = try await issue([profile], by: [authority.name: try existing(authority)]) {}
            guard let leaf = leaves[profile.identifier] else { throw unknown(profile.issuer) }
            return leaf
        }
    }

    /// An authority that is there; none is made.
    private func existing(_ profile: AuthorityProfile) throws -> CertificateAuthority {
        let folder = folder(of: profile.name)
        guard try profile.broughtCertificate != nil || folder.read("ca.crt") != nil else {
            throw CredentialStoreError(
                code: .damaged,
                subject: folder.file("ca.crt"),
                reason: "the authority's certificate is missing",
                remedy: "restore the store from a backup"
            )
        }
        return try authority(profile)
    }

    /// What the store holds for a profile, whether or not it may stay; `nil` where one of the two files is missing.
    package func stored(_ profile: CertificateProfile) throws -> (certificate: [UInt8], key: Secret<[UInt8]>)? {
        let folder = folder(of: profile.issuer)
        guard let certificate = try folder.read("\(profile.identifier).crt"),
            let key = try folder.read("\(profile.identifier).key", isSecret: true)
        else { return nil }
        return (certificate, Secret(key))
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
            let facts = try? CertificateFacts(pem: certificate)
            decision = facts.map { held($0, key, decide($0, key, profile, authority.facts), authority) } ?? .unreadable
            if case .keep = decision, let facts {
                return .init(certificate: certificate, key: Secret(key), decision: decision, notAfter: facts.notAfter)
            }
        } else {
            decision = .issue(reason: "is new or was lost")
        }
        guard case .issue(let reason) = decision else { return try await fresh(profile, by: authority, reason: "") }
        return try await fresh(profile, by: authority, reason: reason)
    }

    /// A living pair stays where that was asked for, and where nobody can be asked for another; in a plan one that has
    /// ended stays too, since hosts have nothing newer.
    private func held(
        _ facts: CertificateFacts,
        _ key: [UInt8],
        _ decision: IssueDecision,
        _ authority: CertificateAuthority
    ) -> IssueDecision {
        let left = facts.notAfter - now
        let isLast = authority.isLeaving && facts.isIssued(by: authority.facts)
        guard holdsLiving || isLast, decision.isIssue, left > 0 || holdsLiving && isDryRun,
            (try? KeyFacts(pem: key))?.matches(facts) == true
        else { return decision }
        return .keep(daysLeft: Int(left / 86_400))
    }

    func decide(
        _ facts: CertificateFacts,
        _ key: [UInt8],
        _ profile: CertificateProfile,
        _ authority: CertificateFacts
    ) -> IssueDecision {
        guard let pair = try? KeyFacts(pem: key) else { return .unreadable }
        guard pair.matches(facts) else { return .issue(reason: "key and certificate are not a pair") }
        guard pair.algorithm == profile.algorithm else {
            let held = pair.algorithm?.description ?? "of another kind"
            return .issue(reason: "its key is \(held), must be \(profile.algorithm)")
        }
        return IssueDecision.compare(facts, with: profile, authority: authority, now: now)
    }

    /// Issued by libcrypto and checked by swift-certificates; whoever asked for it writes it.
    func fresh(
        _ profile: CertificateProfile,
        by authority: CertificateAuthority,
        reason: String
    ) async throws -> Credentials.Leaf {
        if authority.isRemote { return try await requested(profile, from: authority, reason: reason) }
        let key = try PrivateKey.generate(profile.algorithm)
        let certificate = try authority.issue(profile, for: key, now: now)
        let pem = try certificate.pem()
        let facts = try CertificateFacts(pem: pem)
        try await IndependentVerifier(authority: authority.facts, now: now).verify(facts, against: profile)
        return .init(certificate: pem, key: try key.pem(), decision: .issue(reason: reason), notAfter: facts.notAfter)
    }
}
