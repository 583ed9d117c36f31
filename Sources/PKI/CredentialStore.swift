import FoundationEssentials
package import Templates

/// The operator's credentials on disk: `pki/AUTHORITY/ca.crt`, `ca.key`, `LEAF.crt`, `LEAF.key`, `pki/sa.key`, `sa.pub`,
/// `encryption.key`, `cluster-id`.
///
/// A lost leaf is issued again. A lost authority key is refused: a new one would lock every host out.
package struct CredentialStore: Sendable {
    let directory: SecureDirectory
    let passphrase: Secret<String>?
    /// Seconds since 1970.
    let now: Int64
    /// A plan: what is missing is made in memory only.
    let isDryRun: Bool

    package init(directory: String, passphrase: Secret<String>? = nil, now: Int64, dryRun: Bool = false) {
        self.directory = SecureDirectory(path: directory)
        self.passphrase = passphrase
        self.now = now
        isDryRun = dryRun
    }

    /// Everything that the profiles ask for; what is missing or outdated is issued, verified and written.
    ///
    /// - Throws: `CredentialStoreError` when something stands in the way; `OpenSSLError`, `IndependentVerifier.Rejection`.
    package func credentials(
        authorities: [AuthorityProfile],
        leaves: [CertificateProfile]
    ) async throws -> Credentials {
        try refuseInvalid(leaves)
        let clusterID = try clusterID()
        var issuers: [String: CertificateAuthority] = [:]
        for profile in authorities { issuers[profile.name] = try authority(profile) }
        let issued = try await issue(leaves, by: issuers)
        let account = try serviceAccount()
        return Credentials(
            clusterID: clusterID,
            authorities: try issuers.mapValues { try $0.certificate.pem() },
            leaves: issued,
            serviceAccountKey: try account.pem(),
            serviceAccountPublicKey: try account.publicPEM(),
            encryptionKey: try encryptionKey()
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

    private func refuseInvalid(_ leaves: [CertificateProfile]) throws(CredentialStoreError) {
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

    private var pki: SecureDirectory { SecureDirectory(path: directory.file("pki")) }

    private func serviceAccount() throws -> PrivateKey {
        if let pem = try pki.read("sa.key", isSecret: true) {
            return try readable("pki/sa.key") { try PrivateKey(pem: Secret(pem)) }
        }
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        if !isDryRun {
            try pki.write(try key.publicPEM(), to: "sa.pub")
            try pki.write(try key.pem().reveal(), to: "sa.key")
        }
        return key
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
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        if !isDryRun { try directory.write(bytes, to: "encryption.key") }
        return Secret(bytes)
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
