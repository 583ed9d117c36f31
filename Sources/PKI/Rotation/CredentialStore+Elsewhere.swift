import FoundationEssentials
package import Templates

/// Rotations to and from authorities whose keys are not in this store: brought, in escrow, or lost.
extension CredentialStore {
    /// Says of one generation of an authority that its key is not in the store.
    private func marker(_ generation: Int) -> String { "ca-g\(generation).elsewhere" }
    /// Leaves of a generation that nobody here can issue from again, for the way back.
    private func kept(_ generation: Int) -> String { "ca-g\(generation).kept" }

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
            try isOne(certificate, try broughtCertificate(path))
        else {
            let authority = try load(profile, certificate: certificate, key: nil)
            return generation == (try trustState()).settled(root) ? leaving(authority) : authority
        }
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
        try place.folder.write(try Certificate(pem: certificate).pem(), to: target)
        try place.folder.write([], to: marker(generation))
        return true
    }

    /// The next generation of an authority that is made elsewhere: its certificate comes into the store, its key does not.
    func bring(_ profile: AuthorityProfile, _ generation: Int, into place: RootPlace) throws {
        let certificate = try next(profile).certificate.pem()
        guard let name = place.open(generation) else { return }
        try place.folder.write(certificate, to: name)
        try place.folder.write([], to: marker(generation))
    }

    /// The authority that the inventory brings, which must be another than the one in force, and of another key: a leaf
    /// must say which of the two issued it.
    private func next(_ profile: AuthorityProfile) throws -> CertificateAuthority {
        let path = profile.broughtCertificate ?? ""
        let certificate = try broughtCertificate(path)
        func refused(_ reason: String, _ remedy: String) -> CredentialStoreError {
            CredentialStoreError(code: .profileInvalid, subject: path, reason: reason, remedy: remedy)
        }
        let next = try load(profile, certificate: certificate, key: try profile.broughtKey.map { try brought($0) })
        guard !next.facts.subjectKeyIdentifier.isEmpty else {
            throw refused("it has no subject key identifier", "make it with one (RFC 5280, section 4.2.1.2)")
        }
        guard let held = try folder(of: profile.name).read("ca.crt").map({ try CertificateFacts(pem: $0) }) else {
            return next
        }
        if next.facts.vouches(for: held) {
            throw refused(
                "this authority is in force; made elsewhere, so is the next one",
                "name the next authority's files in pki.authorities, then run the same again"
            )
        }
        guard !next.facts.hasKey(of: held), next.facts.subjectKeyIdentifier != held.subjectKeyIdentifier else {
            throw refused("it has the key of the authority that it is to replace", "make it with a key of its own")
        }
        return next
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
        // What one that has ended left behind goes before answers come in: it would take them along.
        if !isDryRun { _ = try conclude() }
        let state = try trustState()
        var waiting: [RequestWaiting] = []
        for root in roots {
            guard let profile = authorities.first(where: { $0.name == root.rawValue }),
                profile.broughtCertificate != nil
            else { continue }
            let authority = try next(profile)
            let folder = requests(root, state.settled(root) + 1)
            let wanted = leaves.filter { $0.issuer == root.rawValue }
            guard authority.isRemote else {
                // Whether it can issue at all must be known before anything depends on it.
                if let last = wanted.last { _ = try await fresh(last, by: authority, reason: "") }
                continue
            }
            for leaf in wanted {
                do { _ = try await answer(to: leaf, from: authority, in: folder) } catch let request as RequestWaiting {
                    waiting.append(request)
                }
            }
        }
        guard waiting.isEmpty else {
            throw RequestWaiting.error(waiting, areWritten: !isDryRun, by: "the same command with --apply")
        }
    }

    /// Takes a key that somebody put back while its authority was taken for keyless.
    func readmit(_ root: TrustRoot, _ generation: Int) throws {
        let place = place(of: root)
        guard isElsewhere(root, generation), let bytes = try place.folder.read(place.names.secret, isSecret: true)
        else {
            return
        }
        let certificate = try Certificate(pem: try publicPart(root, generation))
        let key = try? unlock(bytes, place.folder.file(place.names.secret))
        guard key?.matches(certificate) == true else { return }
        try place.folder.write(bytes, to: place.secret(generation))
        place.folder.remove(marker(generation))
    }

    /// The fixed name of a key goes where what issues has none here, and a file of its generation holds it.
    func dropKey(_ root: TrustRoot) throws {
        let place = place(of: root)
        guard let bytes = try place.folder.read(place.names.secret, isSecret: true) else { return }
        let held = try place.folder.names.filter { $0.hasPrefix("ca-g") && $0.hasSuffix(".key") }
            .map { try place.folder.read($0, isSecret: true) }
        if held.contains(bytes) { place.folder.remove(place.names.secret) }
    }

    /// Whether any generation of these roots, which are being rotated, has its key elsewhere.
    package func lacksKey(of roots: [TrustRoot]) throws(CredentialStoreError) -> Bool {
        let state = try trustState()
        return roots.contains { isElsewhere($0, state.settled($0)) || isElsewhere($0, state.settled($0) + 1) }
    }

    /// Where requests to one generation lie: an answer of another is of no use.
    func requests(_ root: TrustRoot, _ generation: Int) -> SecureDirectory {
        SecureDirectory(path: place(of: root).folder.file("ca-g\(generation).csr"))
    }

    /// The generation that issues now, where an authority is being rotated.
    func issuing(_ issuer: String) throws(CredentialStoreError) -> (root: TrustRoot, generation: Int)? {
        let state = try trustState()
        guard let root = TrustRoot(rawValue: issuer), state.isRotating(root) else { return nil }
        return (root, state.inForce(root).issuing)
    }

    /// A pair with what its certificate says.
    typealias KeptLeaf = (certificate: [UInt8], key: [UInt8], facts: CertificateFacts)

    /// A leaf that one generation issued before the rotation began; `nil` where none was kept, or it has ended.
    private func keptLeaf(_ identifier: String, _ root: TrustRoot, _ generation: Int) throws -> KeptLeaf? {
        let leaves = SecureDirectory(path: place(of: root).folder.file(kept(generation)))
        guard let certificate = try leaves.read("\(identifier).crt"),
            let key = try leaves.read("\(identifier).key", isSecret: true),
            let facts = try? CertificateFacts(pem: certificate), facts.notAfter > now
        else { return nil }
        return (try Certificate(pem: certificate).pem(), key, facts)
    }

    /// On the way back: the leaf that the old generation issued, where it is still good.
    func keptLeaf(_ profile: CertificateProfile, _ authority: CertificateAuthority) throws -> KeptLeaf? {
        guard let (root, generation) = try issuing(profile.issuer),
            let leaf = try keptLeaf(profile.identifier, root, generation), leaf.facts.isIssued(by: authority.facts),
            (try? KeyFacts(pem: leaf.key))?.matches(leaf.facts) == true
        else { return nil }
        return leaf
    }

    /// A leaf of the old generation that hosts hold anyway: shows who still believes it where no canary can be made.
    ///
    /// - Parameters:
    ///   - identifier: The leaf.
    ///   - root: Its authority, which is being rotated.
    /// - Returns: Certificate and key, PEM; `nil` where it was not kept or has ended.
    /// - Throws: `CredentialStoreError` when it cannot be read.
    package func keptLeaf(_ identifier: String, of root: TrustRoot) throws -> Secret<[UInt8]>? {
        try keptLeaf(identifier, root, try trustState().settled(root)).map { Secret($0.certificate + $0.key) }
    }
}
