import FoundationEssentials
package import SystemPackage

/// `provision.lock`: what each artifact was when it was first fetched, so that later runs get the same bytes.
package struct LockFile: Sendable, Hashable, Codable {
    package struct Entry: Sendable, Hashable, Codable {
        package let id: ArtifactID
        package let architecture: Architecture
        package let version: String
        package let origin: String
        package let size: Int64
        package let sha256: String
    }

    /// Sorted by component, then architecture; one entry per pair and version.
    package private(set) var artifacts: [Entry]
    private var format = 1

    package init() {
        artifacts = []
    }

    /// Reads a lock file; a missing one is empty, an unreadable one an error, because guessing would unlock everything.
    package init(path: FilePath) throws {
        guard Files.exists(path) else {
            self.init()
            return
        }
        do {
            self = try JSONDecoder().decode(LockFile.self, from: Data(try Files.read(path)))
        } catch {
            throw ArtifactError(
                .lockUnreadable,
                subject: path.string,
                attempted: "read the lock file",
                reason: "\(error)",
                remedy: "restore it from version control, or delete it to lock what is fetched next"
            )
        }
    }

    package subscript(id: ArtifactID, architecture: Architecture, version: String) -> Entry? {
        artifacts.first { $0.id == id && $0.architecture == architecture && $0.version == version }
    }

    /// Accepts an artifact that is as locked, adds one that is not yet, and refuses one that differs.
    package mutating func check(_ artifact: Artifact, lock path: String) throws(ArtifactError) {
        guard let entry = self[artifact.id, artifact.architecture, artifact.version] else {
            add(artifact)
            return
        }
        guard entry.sha256 != artifact.sha256 || entry.size != artifact.size else { return }
        throw ArtifactError(
            .lockMismatch,
            subject: "\(artifact.id.rawValue) \(artifact.version) \(artifact.architecture.rawValue)",
            attempted: "compare \(artifact.path) (from \(artifact.origin)) with \(path)",
            reason: "locked sha256 \(entry.sha256) (\(entry.size) bytes, from \(entry.origin)), "
                + "found \(artifact.sha256) (\(artifact.size) bytes)",
            remedy: "if the change is wanted, remove this entry from the lock file; "
                + "otherwise delete the file from the cache and fetch it again"
        )
    }

    /// Writes the file atomically, one stable form for the same content.
    package func write(to path: FilePath) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try Files.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")], to: path)
    }

    private mutating func add(_ artifact: Artifact) {
        artifacts.append(
            Entry(
                id: artifact.id,
                architecture: artifact.architecture,
                version: artifact.version,
                origin: artifact.origin,
                size: artifact.size,
                sha256: artifact.sha256
            )
        )
        artifacts.sort { ($0.id.rawValue, $0.architecture, $0.version) < ($1.id.rawValue, $1.architecture, $1.version) }
    }
}
