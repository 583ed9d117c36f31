package import Templates

/// One generation of a root, as the store knows it.
package struct KnownGeneration: Sendable {
    package var number: Int
    /// Certificate or public key, PEM; empty for an encryption key.
    package var open: [UInt8]
    /// As the store holds it; `nil` where only its public part is left.
    package var secret: Secret<[UInt8]>?

    package init(number: Int, open: [UInt8], secret: Secret<[UInt8]>?) {
        self.number = number
        self.open = open
        self.secret = secret
    }
}

/// Every generation that a store has ever seen: what hosts trust beside these is not the store's.
extension CredentialStore {
    /// The generations of a root, the oldest first: in force, being rotated in or out, and archived.
    ///
    /// - Parameters:
    ///   - root: The root.
    ///   - profile: The authority's profile; its certificate may have been brought.
    /// - Returns: Each generation once.
    /// - Throws: `CredentialStoreError` when a file cannot be read.
    package func generations(
        of root: TrustRoot,
        profile: AuthorityProfile? = nil
    ) throws(CredentialStoreError) -> [KnownGeneration] {
        let place = place(of: root)
        var known: [Int: KnownGeneration] = [:]
        for rotation in SecureDirectory(path: directory.file("archive")).names {
            let archive = SecureDirectory(path: directory.file("archive/\(rotation)"))
            for name in archive.names where name.hasPrefix("\(root.rawValue)-g") {
                let digits = name.dropFirst(root.rawValue.count + 2).prefix { $0 != "." }
                guard let number = Int(digits) else { continue }
                let open = try archive.read("\(root.rawValue)-g\(number).\(place.open ?? "pub")") ?? []
                let secret = try archive.read("\(root.rawValue)-g\(number).key", isSecret: true)
                known[number] = KnownGeneration(number: number, open: open, secret: secret.map { Secret($0) })
            }
        }
        let state = try trustState()
        let settled = state.settled(root)
        for number in state.isRotating(root) ? [settled, settled + 1] : [] {
            let open = try publicPart(root, number)
            let secret = isElsewhere(root, number) ? nil : Secret(try secret(root, number))
            known[number] = KnownGeneration(number: number, open: open, secret: secret)
        }
        // A rotation that was taken back left a generation in the archive whose number the next one used again.
        if !state.isRotating(root), let only = try inForce(root, settled, profile) { known[settled] = only }
        return known.values.sorted { $0.number < $1.number }
    }

    /// Whether this store can issue from an authority.
    package func hasKey(_ authority: String) throws(CredentialStoreError) -> Bool {
        guard let root = TrustRoot(rawValue: authority) else { return false }
        let state = try trustState()
        if state.isRotating(root) { return !isElsewhere(root, state.inForce(root).issuing) }
        return try place(of: root).folder.read(place(of: root).names.secret, isSecret: true) != nil
    }

    /// Whether leaves of an authority are issued here: its key is in the store, or comes with the certificate in force.
    ///
    /// - Parameter profile: The authority.
    /// - Returns: Whether they can.
    /// - Throws: `CredentialStoreError` when a certificate cannot be read.
    package func canIssue(_ profile: AuthorityProfile) throws -> Bool {
        if try hasKey(profile.name) { return true }
        guard profile.broughtKey != nil, let path = profile.broughtCertificate,
            let root = TrustRoot(rawValue: profile.name)
        else { return false }
        let state = try trustState()
        let held =
            state.isRotating(root)
            ? try publicPart(root, state.inForce(root).issuing)
            : try folder(of: profile.name).read("ca.crt")
        guard let held else { return true }
        return try isOne(held, try broughtCertificate(path))
    }

    /// The only generation of a root that nobody rotates; `nil` before it is made.
    private func inForce(
        _ root: TrustRoot,
        _ number: Int,
        _ profile: AuthorityProfile?
    ) throws(CredentialStoreError) -> KnownGeneration? {
        let place = place(of: root)
        var open: [UInt8]?
        if let name = place.names.open { open = try place.folder.read(name) }
        // Before the first apply nothing is in force but what the inventory brings.
        if open == nil, let path = profile?.broughtCertificate {
            if let brought = try? broughtCertificate(path) { open = brought } else { open = try brought(path) }
        }
        let secret = try place.folder.read(place.names.secret, isSecret: true)
        guard open != nil || secret != nil else { return nil }
        return KnownGeneration(number: number, open: open ?? [], secret: secret.map { Secret($0) })
    }
}
