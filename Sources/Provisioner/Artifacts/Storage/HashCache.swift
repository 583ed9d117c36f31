import FoundationEssentials
package import SystemPackage

/// Remembers hashes of files that have not changed, so that an unchanged run reads no artifact again.
package actor HashCache {
    private struct Entry: Codable {
        let identity: FileIdentity
        let sha256: String
    }

    private let path: FilePath
    private var entries: [String: Entry]
    private var changed = false
    /// How many files were really read; tests look at it.
    package private(set) var filesRead = 0

    /// Starts from the cache file; an unreadable one counts as empty, because it only saves time.
    package init(path: FilePath) {
        self.path = path
        let bytes = try? Files.read(path)
        entries = bytes.flatMap { try? JSONDecoder().decode([String: Entry].self, from: Data($0)) } ?? [:]
    }

    /// The file's hash and size, from memory if inode, size, mtime and ctime are as they were.
    package func file(_ path: FilePath) async throws -> ArtifactFile {
        guard let identity = FileIdentity(path) else {
            throw ArtifactError(
                .missing,
                subject: path.string,
                attempted: "read its SHA-256",
                reason: "there is no such file",
                remedy: "fetch the artifacts again"
            )
        }
        if let entry = entries[path.string], entry.identity == identity {
            return ArtifactFile(path: path, size: identity.size, sha256: entry.sha256)
        }
        let (sha256, size) = try await offloaded { try FileHasher.hash(path) }
        filesRead += 1
        // A file that changed while it was read must not be remembered under either identity.
        if FileIdentity(path) == identity {
            entries[path.string] = Entry(identity: identity, sha256: sha256)
            changed = true
        }
        return ArtifactFile(path: path, size: size, sha256: sha256)
    }

    /// Forgets a file, so that the next look reads it.
    package func forget(_ path: FilePath) {
        entries[path.string] = nil
        changed = true
    }

    /// Writes the cache file if anything is new.
    package func save() throws {
        guard changed else { return }
        entries = entries.filter { FileIdentity(FilePath($0.key)) != nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try Files.write(Array(try encoder.encode(entries)), to: path)
        changed = false
    }
}
