import FoundationEssentials
import Templates

/// The steps of a rotation as far as the store is concerned; each is one atomic write of the state.
extension CredentialStore {
    /// Makes the next generation of every root and begins at `oldOnly`.
    ///
    /// - Parameters:
    ///   - roots: What is rotated together.
    ///   - authorities: The profiles of the authorities.
    ///   - id: The rotation's name in records.
    ///   - asked: What the operator asked for.
    /// - Returns: The state now in force.
    /// - Throws: `CredentialStoreError` when another rotation is in progress, or an authority is not ours to replace.
    package func begin(
        _ roots: [TrustRoot],
        authorities: [AuthorityProfile],
        id: String,
        asked: Rotation.Asked? = nil
    ) throws -> TrustState {
        _ = try conclude()
        var state = try trustState()
        if let rotation = state.rotation {
            throw CredentialStoreError(
                code: .rotationInProgress,
                subject: directory.path,
                reason: "the rotation \(rotation.id) is at \(rotation.phase.rawValue)",
                remedy: "finish it with --resume, or take it back with --rollback"
            )
        }
        for root in roots { try makeNext(root, state, authorities) }
        state.rotation = Rotation(id: id, roots: roots, phase: .oldOnly, started: now)
        state.rotation?.asked = asked
        try move(to: state)
        return state
    }

    /// The state with further roots in the rotation in progress, each with its next generation made now.
    ///
    /// An authority that ends while others are being rotated would hold them up, and they it.
    ///
    /// - Parameters:
    ///   - roots: What joins; one that is being rotated already stays as it is.
    ///   - authorities: The profiles of the authorities.
    /// - Returns: The state, not yet in force: how all of them go on is for whoever moves to it.
    /// - Throws: `CredentialStoreError` when an authority is not ours to replace.
    package func joined(by roots: [TrustRoot], authorities: [AuthorityProfile]) throws -> TrustState {
        var state = try trustState()
        for root in roots where !state.isRotating(root) {
            try makeNext(root, state, authorities)
            state.rotation?.roots.append(root)
        }
        return state
    }

    private func makeNext(_ root: TrustRoot, _ state: TrustState, _ authorities: [AuthorityProfile]) throws {
        let generation = state.settled(root)
        // What an end in the middle of this left behind is of another beginning.
        tidy(root, sparing: requests(root, generation + 1).path)
        try keepOld(root, generation)
        try makeNew(root, generation + 1, authorities.first { $0.name == root.rawValue })
    }

    /// What is in force now, under the name of its generation.
    private func keepOld(_ root: TrustRoot, _ generation: Int) throws {
        let place = place(of: root)
        let names = place.names
        guard let secret = try place.folder.read(names.secret, isSecret: true) else {
            if root.isAuthority, try keepWithoutKey(place, generation) { return }
            throw CredentialStoreError(
                code: .authorityKeyMissing,
                subject: place.folder.file(names.secret),
                reason: "the secret of \(root.rawValue) is not in the store",
                remedy: "restore it from a backup; before the first provision apply there is nothing to rotate"
            )
        }
        try place.folder.write(secret, to: place.secret(generation))
        if let open = names.open, let target = place.open(generation), let bytes = try place.folder.read(open) {
            try place.folder.write(root.isAuthority ? try Certificate(pem: bytes).pem() : bytes, to: target)
        }
    }

    private func makeNew(_ root: TrustRoot, _ generation: Int, _ profile: AuthorityProfile?) throws {
        let place = place(of: root)
        let secret: [UInt8]
        var open: [UInt8] = []
        switch root {
        case .encryption: secret = Self.randomKey()
        case .serviceAccount:
            let key = try PrivateKey.generate(.rsa(bits: 2048))
            (secret, open) = (try key.pem().reveal(), try key.publicPEM())
        case .kubernetes, .etcd, .frontProxy:
            guard let profile else { throw unknown(root.rawValue) }
            if profile.broughtCertificate != nil { return try bring(profile, generation, into: place) }
            let made = try CertificateAuthority.make(profile, generation: generation, now: now)
            let phrase = try passphrase(for: .sealing)
            (secret, open) = (try made.key.pem(passphrase: phrase).reveal(), try made.certificate.pem())
        }
        try place.folder.write(secret, to: place.secret(generation))
        if let name = place.open(generation) { try place.folder.write(open, to: name) }
    }

    func unknown(_ authority: String) -> CredentialStoreError {
        CredentialStoreError(
            code: .profileInvalid,
            subject: authority,
            reason: "no profile of this authority is known",
            remedy: "correct the catalog"
        )
    }

    /// Ends a rotation where it stands, at `distrust` or back at `oldOnly`; what is not in force goes to the archive.
    ///
    /// Cut off before the state is written it is done again by the same call, and after it by `conclude`. Where private
    /// keys shall be kept by nobody, keys of Secrets in etcd are archived all the same: snapshots from before the
    /// rotation can be read with nothing else.
    ///
    /// - Returns: The archive's directory.
    /// - Throws: `CredentialStoreError` when it cannot be written.
    package func finish() throws -> String {
        var state = try trustState()
        guard let rotation = state.rotation else { return directory.file("archive") }
        try follow(state)
        var leaving: [(TrustRoot, Int)] = []
        for root in rotation.roots {
            let (old, kept) = (state.settled(root), state.inForce(root).issuing)
            leaving.append((root, kept == old ? old + 1 : old))
            state.generations[root.rawValue] = kept
        }
        for (root, generation) in leaving { try putAway(root, generation, rotation) }
        for root in rotation.roots where root.isAuthority && !isElsewhere(root, state.settled(root)) {
            place(of: root).folder.remove(Self.escrowed)
        }
        state.rotation = nil
        state.ended = rotation
        try move(to: state)
        _ = try conclude()
        return archive(of: rotation).path
    }

    /// What is left to do of a rotation that has ended: files of its generations go, and its record has a last line.
    ///
    /// - Returns: That line; `nil` where nothing was left.
    /// - Throws: `CredentialStoreError` when it cannot be written.
    package func conclude() throws -> String? {
        var state = try trustState()
        guard let rotation = state.ended else { return nil }
        for root in rotation.roots { tidy(root) }
        let line = rotation.lastLine(archive: archive(of: rotation).path)
        if !recordedRotations.contains(line) { try record(line) }
        state.ended = nil
        try move(to: state)
        return line
    }

    private func archive(of rotation: Rotation) -> SecureDirectory {
        SecureDirectory(path: directory.file("archive/\(rotation.id)"))
    }

    /// One generation into the archive; its private key only where somebody is to keep it.
    private func putAway(_ root: TrustRoot, _ generation: Int, _ rotation: Rotation) throws {
        let archive = archive(of: rotation)
        let prefix = "\(root.rawValue)-g\(generation)"
        if rotation.asked?.destroyOld != nil, root != .encryption {
            // An end that was cut off may have come before this was asked for.
            archive.remove("\(prefix).key")
        } else if !isElsewhere(root, generation) {
            try archive.write(try secret(root, generation), to: "\(prefix).key")
        }
        let open = try publicPart(root, generation)
        if !open.isEmpty { try archive.write(open, to: "\(prefix).\(place(of: root).open ?? "pub")") }
    }

    /// Names with a generation are of use only while a rotation is in progress.
    private func tidy(_ root: TrustRoot, sparing spared: String? = nil) {
        let place = place(of: root)
        for name in place.folder.names where name.hasPrefix("\(place.stem)-g") && place.folder.file(name) != spared {
            place.folder.removeWhole(name)
        }
    }

    /// Whether one generation of an authority that is being rotated has ended: nobody accepts what it issues.
    package func hasEnded(_ root: TrustRoot, generation: Int) throws -> Bool {
        guard root.isAuthority else { return false }
        return try CertificateFacts(pem: try publicPart(root, generation)).notAfter <= now
    }

    /// A leaf that is never written, issued by one generation of a root that is being rotated; where the key of that
    /// generation lies elsewhere, the one that was asked for before the rotation began.
    ///
    /// - Returns: `nil` where there is neither.
    package func canary(
        _ profile: CertificateProfile,
        generation: Int,
        authority: AuthorityProfile
    ) async throws -> Credentials.Leaf? {
        guard let root = TrustRoot(rawValue: profile.issuer) else { throw unknown(profile.issuer) }
        let issuer = try self.authority(authority, root, generation: generation)
        guard issuer.isRemote else { return try await fresh(profile, by: issuer, reason: "lives in memory") }
        let state = try trustState()
        guard generation != state.settled(root) else { return nil }
        do { return try await answer(to: profile, from: issuer, in: requests(root, generation)) } catch {
            // The way back needs nobody of the generation that it leaves.
            if state.rotation?.isRollingBack == true || state.rotation?.phase == .oldOnly { return nil }
            if let waiting = error as? RequestWaiting { throw RequestWaiting.error([waiting]) }
            throw error
        }
    }

    /// Signs a service-account token with one generation of the key (RFC 7515, RS256).
    package func token(signing input: [UInt8], generation: Int) throws -> [UInt8] {
        try PrivateKey(pem: Secret(try secret(.serviceAccount, generation))).signature(of: input)
    }

    static func randomKey() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
