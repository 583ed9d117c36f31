import FoundationEssentials
package import Templates

/// The operator's credentials on disk: `pki/AUTHORITY/ca.crt`, `ca.key`, `LEAF.crt`, `LEAF.key`, `pki/sa.key`, `sa.pub`,
/// `encryption.key`, `cluster-id`.
///
/// A lost leaf is issued again. A lost authority key is refused: a new one would lock every host out. So is a lost
/// `sa.key` or `encryption.key`: a new one would make tokens, or Secrets in etcd, worth nothing.
package struct CredentialStore: Sendable {
    let directory: SecureDirectory
    /// Says the passphrase of the authorities' keys; `nil` where they lie open.
    let asking: Passphrase?
    /// Seconds since 1970.
    let now: Int64
    /// A plan: what is missing is made in memory only.
    let isDryRun: Bool
    /// Whether leaves stay as long as they live, in a plan for ever, whatever their age and profile: hosts are compared with
    /// what they have.
    let holdsLiving: Bool
    /// Authorities that are about to be replaced: the key of one in force may be lost, and the inventory may bring another.
    let replaced: Set<String>

    package init(
        directory: String,
        passphrase: Secret<String>? = nil,
        asking: Passphrase? = nil,
        now: Int64,
        dryRun: Bool = false,
        holdsLiving: Bool = false,
        replacing replaced: Set<String> = []
    ) {
        self.directory = SecureDirectory(path: directory)
        if let passphrase { self.asking = { _ in passphrase } } else { self.asking = asking }
        self.now = now
        self.holdsLiving = holdsLiving
        self.replaced = replaced
        isDryRun = dryRun
    }

    /// The same store at another time: a run that waits must not issue as of its beginning.
    package func at(_ now: Int64) -> CredentialStore {
        CredentialStore(
            directory: directory.path,
            asking: asking,
            now: now,
            dryRun: isDryRun,
            holdsLiving: holdsLiving,
            replacing: replaced
        )
    }

    /// Everything that the profiles ask for; what is missing or outdated is issued, verified and written.
    ///
    /// - Parameters:
    ///   - authorities: The authorities.
    ///   - leaves: What they issue.
    ///   - encrypts: Whether Secrets in etcd are encrypted, so that a lost key must come back.
    ///   - needsKeys: Whether the keys themselves matter; where they do not, a plan goes without one that was lost.
    ///   - beforeIssuing: Asked once before leaves that were issued here are written; what it throws keeps those that are there.
    /// - Returns: The credentials.
    /// - Throws: `CredentialStoreError` when something stands in the way; `OpenSSLError`, `IndependentVerifier.Rejection`;
    ///   what `beforeIssuing` throws.
    package func credentials(
        authorities: [AuthorityProfile],
        leaves: [CertificateProfile],
        encrypts: Bool = true,
        needsKeys: Bool = true,
        beforeIssuing: @Sendable () async throws -> Void = {}
    ) async throws -> Credentials {
        try refuseInvalid(leaves)
        // A new key would be written; a plan has it in memory only.
        let goesWithout = !needsKeys && isDryRun
        return try await exclusively { try await made(authorities, leaves, encrypts, goesWithout, beforeIssuing) }
    }

    private func made(
        _ authorities: [AuthorityProfile],
        _ leaves: [CertificateProfile],
        _ encrypts: Bool,
        _ goesWithout: Bool,
        _ beforeIssuing: @Sendable () async throws -> Void
    ) async throws -> Credentials {
        let clusterID = try clusterID()
        if !goesWithout, let refusal = try lostKeys(encrypts: encrypts) { throw refusal }
        let state = try trustState()
        // Before the authorities: where those are, a key that is missing was lost.
        let encryption = try encryptionKeys(state)
        let account = try serviceAccount(state)
        var issuers: [String: CertificateAuthority] = [:]
        for profile in authorities { issuers[profile.name] = try authority(profile) }
        if !isDryRun { try follow(state) }
        let issued = try await issue(leaves, by: issuers, beforeIssuing)
        return Credentials(
            clusterID: clusterID,
            authorities: try issuers.reduce(into: [:]) { $0[$1.key] = try bundle($1.key, $1.value, state) },
            leaves: issued,
            serviceAccountKey: account.key,
            serviceAccountPublicKey: account.publicKeys,
            encryptionKeys: encryption
        )
    }

    /// The cluster's UUID; `nil` before the first apply.
    package func existingClusterID() throws(CredentialStoreError) -> String? {
        guard let bytes = try directory.read("cluster-id") else { return nil }
        let text = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        guard UUID(uuidString: text) != nil else {
            throw CredentialStoreError(
                code: .damaged,
                subject: directory.file("cluster-id"),
                reason: "it holds no UUID",
                remedy: "restore it from a backup, or copy the UUID from /etc/provision/cluster of any host"
            )
        }
        return text
    }

    private func clusterID() throws(CredentialStoreError) -> String {
        if let known = try existingClusterID() { return known }
        guard directory.names.filter({ $0 == "pki" }).isEmpty else {
            throw CredentialStoreError(
                code: .damaged,
                subject: directory.file("cluster-id"),
                reason: "it is missing although the store holds authorities",
                remedy: "restore it from a backup, or copy the UUID from /etc/provision/cluster of any host"
            )
        }
        let made = UUID().uuidString.lowercased()
        if !isDryRun { try directory.write(Array((made + "\n").utf8), to: "cluster-id") }
        return made
    }

    func refuseInvalid(_ leaves: [CertificateProfile]) throws(CredentialStoreError) {
        for leaf in leaves {
            if let problem = leaf.problems.first {
                throw CredentialStoreError(
                    code: .profileInvalid,
                    subject: leaf.identifier,
                    reason: problem,
                    remedy: "correct the inventory"
                )
            }
        }
    }

    /// Everybody who is accepted, the older first.
    private func bundle(_ name: String, _ issuing: CertificateAuthority, _ state: TrustState) throws -> [UInt8] {
        guard let root = TrustRoot(rawValue: name), state.isRotating(root) else {
            return try issuing.certificate.pem()
        }
        return try state.inForce(root).accepted.flatMap { try publicPart(root, $0) }
    }

    /// Says which file could not be read.
    func readable<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch {
            throw CredentialStoreError(
                code: .damaged,
                subject: directory.file(name),
                reason: "\(error)",
                remedy: "restore it from a backup"
            )
        }
    }
}
