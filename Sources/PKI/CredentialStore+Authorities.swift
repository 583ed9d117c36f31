import FoundationEssentials
import Templates

/// Authorities: made once, then only read, until a rotation makes the next generation.
extension CredentialStore {
    func folder(of authority: String) -> SecureDirectory { SecureDirectory(path: directory.file("pki/\(authority)")) }

    func authority(_ profile: AuthorityProfile) throws -> CertificateAuthority {
        let state = try trustState()
        if let root = TrustRoot(rawValue: profile.name), state.isRotating(root) {
            return try authority(profile, root, generation: state.inForce(root).issuing)
        }
        let folder = folder(of: profile.name)
        let held = try folder.read("ca.crt")
        let brought = try profile.broughtCertificate.map { try broughtCertificate($0) }
        if held == nil, let brought { try requireFounder(profile, brought, folder) }
        if let held, let brought, try !isOne(held, brought) {
            guard replaced.contains(profile.name) else { throw differs(profile, folder) }
            return try leaving(load(profile, certificate: held, key: try folder.read("ca.key", isSecret: true)))
        }
        if let brought, held != brought, !isDryRun { try folder.write(brought, to: "ca.crt") }
        let key = try profile.broughtKey.map { try self.brought($0) } ?? folder.read("ca.key", isSecret: true)
        switch (brought ?? held, key) {
        case (let certificate?, nil) where brought != nil || mayLackKey(profile, folder):
            let authority = try load(profile, certificate: certificate, key: nil)
            return replaced.contains(profile.name) ? leaving(authority) : authority
        case (let certificate?, let key?): return try load(profile, certificate: certificate, key: key)
        case (nil, nil) where folder.names.allSatisfy({ $0.hasPrefix(".") }): return try make(profile, in: folder)
        case (_, nil): throw keyMissing(profile, folder)
        case (nil, _):
            throw CredentialStoreError(
                code: .damaged,
                subject: folder.file("ca.crt"),
                reason: "the authority's certificate is missing, its key or its leaves are there",
                remedy: "restore ca.crt from a backup, or copy /etc/kubernetes/pki/ca.crt from a controller"
            )
        }
    }

    func leaving(_ authority: CertificateAuthority) -> CertificateAuthority {
        var authority = authority
        authority.isLeaving = authority.isRemote
        return authority
    }

    private func mayLackKey(_ profile: AuthorityProfile, _ folder: SecureDirectory) -> Bool {
        replaced.contains(profile.name) || folder.names.contains(Self.escrowed)
    }

    /// Whether both are certificates of one name and one key: whoever trusts one trusts what the other has issued.
    func isOne(_ held: [UInt8], _ brought: [UInt8]) throws -> Bool {
        guard held != brought else { return true }
        let held = try CertificateFacts(pem: held)
        return try readable("pki.authorities") { try CertificateFacts(pem: brought) }.vouches(for: held)
    }

    /// A store of an authority that was brought before its certificate was kept here: its leaves say which one it was.
    private func requireFounder(_ profile: AuthorityProfile, _ brought: [UInt8], _ folder: SecureDirectory) throws {
        let leaves = folder.names.filter { $0.hasSuffix(".crt") && !$0.hasPrefix("ca") }
        let facts = try leaves.compactMap { try folder.read($0) }.compactMap { try? CertificateFacts(pem: $0) }
        let authority = try CertificateFacts(pem: brought)
        guard facts.isEmpty || facts.contains(where: { $0.isIssued(by: authority) }) else {
            throw CredentialStoreError(
                code: .profileInvalid,
                subject: profile.broughtCertificate ?? profile.name,
                reason: "the leaves in \(folder.path) were issued by another authority",
                remedy: "put the former files back in pki.authorities and apply once; then certs rotate replaces it"
            )
        }
    }

    private func differs(_ profile: AuthorityProfile, _ folder: SecureDirectory) -> CredentialStoreError {
        CredentialStoreError(
            code: .profileInvalid,
            subject: profile.broughtCertificate ?? profile.name,
            reason: "this is not the \(profile.name) that is in force (\(folder.file("ca.crt")))",
            remedy: "provision certs rotate replaces that one by it, step by step; or put pki.authorities back"
        )
    }

    private func keyMissing(_ profile: AuthorityProfile, _ folder: SecureDirectory) -> CredentialStoreError {
        CredentialStoreError(
            code: .authorityKeyMissing,
            subject: profile.broughtKey ?? folder.file("ca.key"),
            reason: "the private key of \(profile.name) is lost, its certificate or its leaves are there",
            remedy:
                "restore ca.key from a backup, or by provision certs ca import; where it is lost for good, provision certs rotate brings in a new authority step by step, which apply never does"
        )
    }

    /// Authorities that issue now and whose time is over.
    ///
    /// - Parameter profiles: The authorities to look at; one that does not exist yet has not ended.
    /// - Returns: Their roots, in the order of `TrustRoot`.
    /// - Throws: `CredentialStoreError` when a certificate cannot be read.
    package func ended(_ profiles: [AuthorityProfile]) throws -> [TrustRoot] {
        let state = try trustState()
        return try profiles.compactMap { profile -> TrustRoot? in
            guard let root = TrustRoot(rawValue: profile.name) else { return nil }
            let pem =
                state.isRotating(root)
                ? try publicPart(root, state.inForce(root).issuing)
                : try held(profile)
            guard let pem else { return nil }
            let facts = try readable("pki/\(profile.name)/ca.crt") { try CertificateFacts(pem: pem) }
            return facts.notAfter <= now ? root : nil
        }
    }

    /// The certificate in force outside of a rotation; one that was extended elsewhere counts as it is brought.
    private func held(_ profile: AuthorityProfile) throws -> [UInt8]? {
        let held = try folder(of: profile.name).read("ca.crt")
        guard let path = profile.broughtCertificate else { return held }
        let brought = try broughtCertificate(path)
        guard let held, try !isOne(held, brought) else { return brought }
        return held
    }

    /// Lets authorities end, for tests: the same keys under certificates that live only so long.
    ///
    /// - Parameters:
    ///   - profiles: The authorities.
    ///   - lifetime: Seconds from the store's time.
    /// - Throws: `CredentialStoreError` when a key is not in the store.
    package func shorten(_ profiles: [AuthorityProfile], lifetime: Int64) throws {
        let state = try trustState()
        for var profile in profiles {
            guard let root = TrustRoot(rawValue: profile.name) else { continue }
            profile.lifetime = lifetime
            let key = try authority(profile).key
            let made = try CertificateAuthority.make(profile, generation: state.settled(root), now: now, key: key)
            try folder(of: profile.name).write(try made.certificate.pem(), to: "ca.crt")
        }
    }

    /// As this store writes certificates: the first of a file, whatever stands around it.
    func broughtCertificate(_ path: String) throws -> [UInt8] {
        let bytes = try brought(path)
        do { return try Certificate(pem: bytes).pem() } catch {
            throw CredentialStoreError(
                code: .unreadable,
                subject: path,
                reason: "it holds no certificate in PEM: \(error)",
                remedy: "correct pki.authorities in the inventory"
            )
        }
    }

    func brought(_ path: String) throws(CredentialStoreError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CredentialStoreError(
                code: .unreadable,
                subject: path,
                reason: "cannot be read",
                remedy: "correct pki.authorities in the inventory"
            )
        }
        return Array(data)
    }

    private func make(_ profile: AuthorityProfile, in folder: SecureDirectory) throws -> CertificateAuthority {
        let authority = try CertificateAuthority.make(profile, generation: 1, now: now)
        if !isDryRun {
            let phrase = try passphrase(for: .sealing)
            try folder.write(try authority.key.pem(passphrase: phrase).reveal(), to: "ca.key")
            try folder.write(try authority.certificate.pem(), to: "ca.crt")
        }
        return authority
    }

    func load(_ profile: AuthorityProfile, certificate: [UInt8], key: [UInt8]?) throws -> CertificateAuthority {
        let subject = profile.broughtKey ?? folder(of: profile.name).file("ca.key")
        let authority = try CertificateAuthority(
            certificate: try readable("pki/\(profile.name)/ca.crt") { try Certificate(pem: certificate) },
            key: try key.map { try unlock($0, subject) }
        )
        guard try authority.isRemote || authority.key.matches(authority.certificate) else {
            throw CredentialStoreError(
                code: .authorityKeyMismatch,
                subject: subject,
                reason: "it is not the key of its ca.crt",
                remedy: "restore the pair from one backup"
            )
        }
        guard authority.facts.isAuthority else {
            throw CredentialStoreError(
                code: .authorityUnusable,
                subject: subject,
                reason: "its certificate is no authority (CA:FALSE)",
                remedy: "bring a certificate with CA:TRUE and keyCertSign"
            )
        }
        guard authority.facts.notAfter > now, authority.facts.notBefore <= now else {
            throw CredentialStoreError(
                code: .authorityExpired,
                subject: profile.name,
                reason: "the authority is not valid at this time",
                remedy:
                    "check this machine's clock; if it is right: provision certs rotate --offline --apply INVENTORY"
            )
        }
        return authority
    }
}
