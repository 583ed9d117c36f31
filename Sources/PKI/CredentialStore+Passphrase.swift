package import Templates

/// The passphrase of the authorities' keys, read or asked for at the first key that needs it: most verbs open none.
extension CredentialStore {
    /// What it is needed for; whoever asks a person lets them type one that seals twice.
    package enum KeyUse: Sendable { case opening, sealing }

    package typealias Passphrase = @Sendable (KeyUse) throws -> Secret<String>

    /// Whether its keys are under a passphrase.
    package var hasPassphrase: Bool { asking != nil }

    /// Reads or asks for it now, so that nobody waits for a person later, with hosts locked.
    package func askAhead(for use: KeyUse) throws { _ = try passphrase(for: use) }

    func passphrase(for use: KeyUse) throws -> Secret<String>? { try asking?(use) }

    /// Opens an authority's key; the passphrase is of no account to one that lies open.
    func unlock(_ key: [UInt8], _ subject: String) throws -> PrivateKey {
        let isEncrypted = String(decoding: key, as: UTF8.self).contains("ENCRYPTED")
        let phrase = try isEncrypted ? passphrase(for: .opening) : nil
        do throws(OpenSSLError) { return try PrivateKey(pem: Secret(key), passphrase: phrase) } catch {
            throw CredentialStoreError(
                code: isEncrypted ? .passphraseWrong : .damaged,
                subject: subject,
                reason: isEncrypted
                    ? (phrase == nil ? "it is encrypted and no passphrase was given" : "the passphrase is wrong")
                    : error.description,
                remedy: isEncrypted
                    ? "give what it was encrypted with: pki.passphraseFile, pki.keyFile, or pki.passphrase: ask"
                    : "restore it from a backup"
            )
        }
    }
}
