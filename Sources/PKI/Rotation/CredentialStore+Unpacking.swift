package import Templates

/// The copy of a store that precedes a rotation, back into files.
extension CredentialStore {
    /// Whether a copy must be opened first: DER begins with a long sequence, a listing with a name.
    package static func isSealed(copy bytes: [UInt8]) -> Bool {
        bytes.count > 1 && bytes[0] == 0x30 && bytes[1] >= 0x80
    }

    /// The files of a copy, as `restore` takes them.
    ///
    /// - Parameters:
    ///   - bytes: The copy.
    ///   - name: What the copy is called, for errors.
    ///   - passphrase: The store's, or the recovery code that was shown; of no account to a plain copy.
    /// - Returns: The files; those of a copy that was cut short are not given out.
    /// - Throws: `CredentialStoreError` where it does not open, or is no copy of a store.
    package static func files(
        ofCopy bytes: [UInt8],
        named name: String,
        passphrase: Secret<String>?
    ) throws(CredentialStoreError) -> [StoredFile] {
        guard let plain = isSealed(copy: bytes) ? opened(bytes, passphrase) : bytes else {
            throw CredentialStoreError(
                code: .passphraseWrong,
                subject: name,
                reason: "it does not open with this passphrase or recovery code",
                remedy: "give what the store had when the copy was made, or the code that was shown then"
            )
        }
        guard let files = listed(plain) else {
            throw CredentialStoreError(
                code: .damaged,
                subject: name,
                reason: "it is no copy of a store, or was cut short",
                remedy: "name a file of the directory copies of a store"
            )
        }
        return files
    }

    /// A code is typed in any case, with or without dashes.
    private static func opened(_ bytes: [UInt8], _ passphrase: Secret<String>?) -> [UInt8]? {
        for phrase in [passphrase, passphrase.flatMap { RecoveryCode($0.reveal())?.text }] {
            if let phrase, let plain = try? PasswordEnvelope.open(bytes, phrase) { return plain }
        }
        return nil
    }

    /// A name, a size, the bytes; then the next.
    private static func listed(_ bytes: [UInt8]) -> [StoredFile]? {
        var files: [StoredFile] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let head = String(decoding: rest[..<end], as: UTF8.self)
            guard let space = head.lastIndex(of: " "), let size = Int(head[head.index(after: space)...]), size >= 0,
                size < rest.endIndex - end
            else { return nil }
            let content = rest[(end + 1)...].prefix(size)
            files.append(StoredFile(name: String(head[..<space]), content: Secret(Array(content))))
            rest = rest[content.endIndex...]
        }
        return rest.isEmpty && files.contains { $0.name == "cluster-id" } ? files : nil
    }
}
