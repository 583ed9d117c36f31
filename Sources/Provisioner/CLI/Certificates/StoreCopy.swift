import PKI
import ProvisionCore
import Templates

/// The copy of the store that precedes a rotation.
enum StoreCopy {
    /// Writes it and opens it again; a store without a passphrase is sealed by a code that a person sees once.
    ///
    /// Nobody is there to keep a code where the output is no terminal: then the copy is as plain as the store.
    ///
    /// - Parameters:
    ///   - store: What to copy.
    ///   - name: The copy's name.
    ///   - console: Where the code is shown; it is in no record.
    /// - Returns: Where it lies, in words.
    /// - Throws: `CredentialStoreError`, `OpenSSLError`.
    static func make(of store: CredentialStore, named name: String, _ console: Console) throws -> String {
        let code = try store.hasPassphrase || !console.isInteractive ? nil : RecoveryCode.generate()
        let copy = try store.copy(named: name, code: code)
        if let code { console.note("   the copy's recovery code, shown only now: \(code.text.reveal())") }
        let words = copy.isEncrypted ? ", encrypted and opened again" : " (a passphrase under pki would encrypt it)"
        return "copy of the store\(words): \(copy.path)"
    }
}
