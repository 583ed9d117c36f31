package import Templates

/// A key of Secrets that a rotation put away, or holds ready.
package struct KeptKey: Sendable {
    package var generation: Int
    package var path: String
    package var bytes: Secret<[UInt8]>

    package init(generation: Int, path: String, bytes: Secret<[UInt8]>) {
        self.generation = generation
        self.path = path
        self.bytes = bytes
    }
}

extension CredentialStore {
    /// Every one of them; a number may be there twice, since a rotation that was taken back leaves its to the next.
    ///
    /// - Throws: `CredentialStoreError` where one cannot be read, or lies open.
    package func keptEncryptionKeys() throws -> [KeptKey] {
        var kept = try Self.keptKeys(in: directory, stem: place(of: .encryption).stem)
        for rotation in SecureDirectory(path: directory.file("archive")).names.sorted() {
            let archive = SecureDirectory(path: directory.file("archive/\(rotation)"))
            kept += try Self.keptKeys(in: archive, stem: TrustRoot.encryption.rawValue)
        }
        return kept
    }

    private static func keptKeys(in folder: SecureDirectory, stem: String) throws -> [KeptKey] {
        var kept: [KeptKey] = []
        for name in folder.names.sorted() where name.hasPrefix("\(stem)-g") && name.hasSuffix(".key") {
            guard let generation = Int(name.dropFirst(stem.count + 2).dropLast(4)),
                let bytes = try folder.read(name, isSecret: true)
            else { continue }
            kept.append(KeptKey(generation: generation, path: folder.file(name), bytes: Secret(bytes)))
        }
        return kept
    }
}
