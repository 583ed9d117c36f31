import Templates

/// The two keys that belong to no authority: made with a new store and never again; one that is lost is brought back.
extension CredentialStore {
    private var pki: SecureDirectory { SecureDirectory(path: directory.file("pki")) }

    /// Why a store that is not new cannot be used without the keys that it lacks; `nil` where it lacks none.
    ///
    /// - Parameter encrypts: Whether Secrets in etcd are encrypted; where they are not, a new key does no harm.
    /// - Returns: The refusal, with every key that is missing.
    /// - Throws: `CredentialStoreError` when a file cannot be read.
    package func lostKeys(encrypts: Bool = true) throws(CredentialStoreError) -> CredentialStoreError? {
        let state = try trustState()
        let roots: [TrustRoot] = encrypts ? [.encryption, .serviceAccount] : [.serviceAccount]
        var lost: [TrustRoot] = []
        // While a root is being rotated its generations are what counts; the fixed name follows them.
        for root in roots where !state.isRotating(root) {
            let held = try place(of: root).folder.read(place(of: root).names.secret, isSecret: true)
            if held == nil, wasMade(root, state) { lost.append(root) }
        }
        return lost.isEmpty ? nil : refusal(of: lost)
    }

    /// Whether something is there that a new store gets only after this key.
    private func wasMade(_ root: TrustRoot, _ state: TrustState) -> Bool {
        let later = pki.names.filter { !$0.hasPrefix(".") && $0 != place(of: root).names.secret }
        return !later.isEmpty || !state.generations.isEmpty
    }

    private func refusal(of lost: [TrustRoot]) -> CredentialStoreError {
        let paths = HostPaths.standard
        var (losses, sources): ([String], [String]) = ([], [])
        if lost.contains(.encryption) {
            losses.append("Secrets in etcd could be read by nobody")
            sources.append("the first secret of \(paths.encryptionConfig), through base64 -d")
        }
        if lost.contains(.serviceAccount) {
            losses.append("tokens of service accounts would be refused")
            sources.append("\(paths.serviceAccountPrivateKey) as it is")
        }
        return CredentialStoreError(
            code: .keyMissing,
            subject: lost.map { place(of: $0).folder.file(place(of: $0).names.secret) }.joined(separator: ", "),
            reason: "missing from a store that is not new; with a new one \(losses.joined(separator: ", and "))",
            remedy:
                "restore it from a backup, or take it from a controller: \(sources.joined(separator: ", and ")) (docs/certificates.md, \"The store is lost\"); a store that no host was ever changed with is moved aside instead"
        )
    }

    /// The key that signs tokens, and whose tokens are accepted.
    func serviceAccount(_ state: TrustState) throws -> (key: Secret<[UInt8]>, publicKeys: [UInt8]) {
        guard state.isRotating(.serviceAccount) else {
            let key = try serviceAccount()
            return (try key.pem(), try key.publicPEM())
        }
        let (accepted, issuing) = state.inForce(.serviceAccount)
        return (
            Secret(try secret(.serviceAccount, issuing)),
            try accepted.flatMap { try publicPart(.serviceAccount, $0) }
        )
    }

    private func serviceAccount() throws -> PrivateKey {
        if let pem = try pki.read("sa.key", isSecret: true) {
            let key = try readable("pki/sa.key") { try PrivateKey(pem: Secret(pem)) }
            try agree(try key.publicPEM())
            return key
        }
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        if !isDryRun { try pki.write([("sa.key", try key.pem().reveal()), ("sa.pub", try key.publicPEM())]) }
        return key
    }

    /// Hosts are compared with `sa.pub`, so that it must say which key this is; one that is missing is written.
    private func agree(_ open: [UInt8]) throws(CredentialStoreError) {
        func text(_ bytes: [UInt8]) -> [UInt8] { bytes.filter { $0 > 0x20 } }
        guard let held = try pki.read("sa.pub") else {
            if !isDryRun { try pki.write(open, to: "sa.pub") }
            return
        }
        guard text(held) != text(open) else { return }
        throw CredentialStoreError(
            code: .authorityKeyMismatch,
            subject: pki.file("sa.key"),
            reason: "it is not the key of sa.pub beside it",
            remedy: "restore the pair from one backup, or from one controller: \(HostPaths.standard.pkiDirectory)"
        )
    }

    /// The key that encrypts first; all decrypt.
    func encryptionKeys(_ state: TrustState) throws -> [Credentials.EncryptionKey] {
        guard state.isRotating(.encryption) else {
            return [.init(generation: state.settled(.encryption), bytes: try encryptionKey())]
        }
        let (accepted, issuing) = state.inForce(.encryption)
        return try ([issuing] + accepted.filter { $0 != issuing }).map {
            .init(generation: $0, bytes: Secret(try secret(.encryption, $0)))
        }
    }

    private func encryptionKey() throws(CredentialStoreError) -> Secret<[UInt8]> {
        if let bytes = try directory.read("encryption.key", isSecret: true) {
            guard bytes.count == 32 else {
                throw CredentialStoreError(
                    code: .damaged,
                    subject: directory.file("encryption.key"),
                    reason: "it must hold 32 bytes",
                    remedy: "restore it from a backup: without it Secrets in etcd are lost"
                )
            }
            return Secret(bytes)
        }
        let bytes = Self.randomKey()
        if !isDryRun { try directory.write(bytes, to: "encryption.key") }
        return Secret(bytes)
    }
}
