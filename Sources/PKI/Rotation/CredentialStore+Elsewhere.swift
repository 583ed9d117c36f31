import FoundationEssentials
package import Templates

/// Rotations to and from authorities whose keys are not in this store: brought, in escrow, or lost.
extension CredentialStore {
    /// Says of one generation of an authority that its key is not in the store.
    private func marker(_ generation: Int) -> String { "ca-g\(generation).elsewhere" }
    /// Leaves of a generation that nobody here can issue from again, for the way back.
    private func kept(_ generation: Int) -> String { "ca-g\(generation)-leaves" }

    func isElsewhere(_ root: TrustRoot, _ generation: Int) -> Bool {
        root.isAuthority && place(of: root).folder.names.contains(marker(generation))
    }

    /// One generation of an authority that is being rotated.
    func authority(
        _ profile: AuthorityProfile,
        _ root: TrustRoot,
        generation: Int
    ) throws -> CertificateAuthority {
        let certificate = try publicPart(root, generation)
        guard isElsewhere(root, generation) else {
            return try load(profile, certificate: certificate, key: try secret(root, generation))
        }
        guard let path = profile.broughtCertificate, let key = profile.broughtKey,
            try isOne(certificate, try brought(path))
        else { return try load(profile, certificate: certificate, key: nil) }
        return try load(profile, certificate: certificate, key: try brought(key))
    }

    /// What is in force, where its key is not here; its leaves cannot be issued again, so they are kept.
    ///
    /// - Returns: Whether there is such an authority.
    func keepWithoutKey(_ place: RootPlace, _ generation: Int) throws -> Bool {
        guard let open = place.names.open, let target = place.open(generation),
            let certificate = try place.folder.read(open)
        else { return false }
        let leaves = SecureDirectory(path: place.folder.file(kept(generation)))
        for name in place.folder.names where name.hasSuffix(".crt") || name.hasSuffix(".key") {
            guard !name.hasPrefix("ca."), !name.hasPrefix("ca-g"), let bytes = try place.folder.read(name) else {
                continue
            }
            try leaves.write(bytes, to: name)
        }
        try place.folder.write(certificate, to: target)
        try place.folder.write([], to: marker(generation))
        return true
    }

    /// The next generation of an authority that is made elsewhere: its certificate comes into the store, its key does not.
    func bring(_ profile: AuthorityProfile, _ generation: Int, into place: RootPlace) throws {
        let certificate = try next(profile)
        guard let name = place.open(generation) else { return }
        try place.folder.write(certificate, to: name)
        try place.folder.write([], to: marker(generation))
    }

    /// The certificate that the inventory brings, which must be another than the one in force.
    private func next(_ profile: AuthorityProfile) throws -> [UInt8] {
        let certificate = try brought(profile.broughtCertificate ?? "")
        if let held = try folder(of: profile.name).read("ca.crt"), try isOne(held, certificate) {
            throw CredentialStoreError(
                code: .profileInvalid,
                subject: profile.broughtCertificate ?? profile.name,
                reason: "this authority is in force; made elsewhere, so is the next one",
                remedy: "name the next authority's files in pki.authorities, then run the same again"
            )
        }
        _ = try load(profile, certificate: certificate, key: try profile.broughtKey.map { try brought($0) })
        return certificate
    }

    /// Asks for everything that the next generation of these roots must sign, where its key lies elsewhere, before a
    /// rotation begins: once it has begun nothing waits for people.
    ///
    /// - Parameters:
    ///   - roots: What is to be rotated.
    ///   - authorities: The profiles of the authorities.
    ///   - leaves: What they issue, canaries too.
    /// - Throws: `CredentialStoreError`: `requestsWaiting` until all is signed, and what is wrong with an answer.
    package func requireAnswers(
        _ roots: [TrustRoot],
        authorities: [AuthorityProfile],
        leaves: [CertificateProfile]
    ) async throws {
        let state = try trustState()
        var waiting: [RequestWaiting] = []
        for root in roots {
            guard let profile = authorities.first(where: { $0.name == root.rawValue }),
                profile.broughtCertificate != nil, profile.broughtKey == nil
            else { continue }
            let authority = try load(profile, certificate: try next(profile), key: nil)
            let folder = requests(root, state.settled(root) + 1)
            for leaf in leaves where leaf.issuer == root.rawValue {
                do { _ = try await answer(to: leaf, from: authority, in: folder) } catch let request as RequestWaiting {
                    waiting.append(request)
                }
            }
        }
        if !waiting.isEmpty { throw RequestWaiting.error(waiting, areWritten: !isDryRun) }
    }

    /// Where requests to one generation lie: an answer of another is of no use.
    func requests(_ root: TrustRoot, _ generation: Int) -> SecureDirectory {
        SecureDirectory(path: place(of: root).folder.file("ca-g\(generation)-requests"))
    }

    /// Where requests to the generation that issues now lie.
    func requests(of issuer: String) throws(CredentialStoreError) -> SecureDirectory {
        let state = try trustState()
        guard let root = TrustRoot(rawValue: issuer), state.isRotating(root) else {
            return SecureDirectory(path: folder(of: issuer).file("requests"))
        }
        return requests(root, state.inForce(root).issuing)
    }

    /// On the way back: the leaf that the old generation issued before the rotation began, where it is still good.
    func keptLeaf(
        _ profile: CertificateProfile,
        _ authority: CertificateAuthority
    ) throws -> (certificate: [UInt8], key: [UInt8], facts: CertificateFacts)? {
        let state = try trustState()
        guard let root = TrustRoot(rawValue: profile.issuer), state.isRotating(root) else { return nil }
        let leaves = SecureDirectory(path: folder(of: profile.issuer).file(kept(state.inForce(root).issuing)))
        guard let certificate = try leaves.read("\(profile.identifier).crt"),
            let key = try leaves.read("\(profile.identifier).key", isSecret: true),
            let facts = try? CertificateFacts(pem: certificate), facts.notAfter > now,
            !decide(facts, key, profile, authority.facts).isIssue
        else { return nil }
        return (certificate, key, facts)
    }

    /// A leaf of the old generation that hosts hold anyway: shows who still believes it where no canary can be made.
    ///
    /// - Parameters:
    ///   - identifier: The leaf.
    ///   - root: Its authority, which is being rotated.
    /// - Returns: Certificate and key, PEM; `nil` where it was not kept.
    /// - Throws: `CredentialStoreError` when it cannot be read.
    package func keptLeaf(_ identifier: String, of root: TrustRoot) throws -> Secret<[UInt8]>? {
        let leaves = SecureDirectory(path: place(of: root).folder.file(kept(try trustState().settled(root))))
        guard let certificate = try leaves.read("\(identifier).crt"),
            let key = try leaves.read("\(identifier).key", isSecret: true)
        else { return nil }
        return Secret(certificate + key)
    }
}
