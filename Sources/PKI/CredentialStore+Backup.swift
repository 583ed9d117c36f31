package import Templates

/// The store as a list of files, for back-ups, and back.
extension CredentialStore {
    /// One file of the store.
    package struct StoredFile: Sendable, Equatable {
        /// Below the store's directory, for example `pki/etcd-ca/ca.key`.
        package var name: String
        package var content: Secret<[UInt8]>

        package init(name: String, content: Secret<[UInt8]>) {
            self.name = name
            self.content = content
        }
    }

    /// Everything that must survive, sorted by name; copies that rotations made and what they retired stay behind.
    ///
    /// - Throws: `CredentialStoreError` where a file cannot be read, or a secret lies open.
    package func files() throws(CredentialStoreError) -> [StoredFile] {
        try Self.files(of: directory, under: "").sorted { $0.name < $1.name }
    }

    private static func files(
        of folder: SecureDirectory,
        under prefix: String
    ) throws(CredentialStoreError) -> [StoredFile] {
        var files: [StoredFile] = []
        for name in folder.names where !["archive", "copies", ".rotation.lock"].contains(prefix + name) {
            let inner = SecureDirectory(path: folder.file(name))
            if inner.exists {
                files += try Self.files(of: inner, under: "\(prefix)\(name)/")
            } else if let content = try folder.read(name, isSecret: name.hasSuffix(".key")) {
                files.append(StoredFile(name: prefix + name, content: Secret(content)))
            }
        }
        return files
    }

    /// Whether there is nothing of a cluster in it.
    package var isEmpty: Bool { directory.names.allSatisfy { ["archive", "copies", ".rotation.lock"].contains($0) } }

    /// Writes a back-up's files into an empty store; `cluster-id` last, so that a store cut short is known as one.
    ///
    /// - Throws: `CredentialStoreError` where something lies there already, a name leads out of it, or it cannot be written.
    package func restore(_ files: [StoredFile]) throws(CredentialStoreError) {
        guard isEmpty else {
            throw CredentialStoreError(
                code: .unwritable,
                subject: directory.path,
                reason: "the store is not empty; a back-up is never mixed into another store",
                remedy: "move it aside first"
            )
        }
        for file in files.filter({ $0.name != "cluster-id" }) + files.filter({ $0.name == "cluster-id" }) {
            let parts = file.name.split(separator: "/", omittingEmptySubsequences: false)
            guard let name = parts.last, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
                throw CredentialStoreError(
                    code: .damaged,
                    subject: file.name,
                    reason: "the name leads out of the store",
                    remedy: "do not trust this back-up"
                )
            }
            let folder = ([directory.path] + parts.dropLast().map(String.init)).joined(separator: "/")
            try SecureDirectory(path: folder).write(file.content.reveal(), to: String(name))
        }
    }

    /// The keys that values in etcd may be encrypted with; nothing is made where there is none.
    package func storedEncryptionKeys() throws -> [Credentials.EncryptionKey] {
        let state = try trustState()
        guard state.isRotating(.encryption) || directory.names.contains("encryption.key") else { return [] }
        return try encryptionKeys(state)
    }
}
