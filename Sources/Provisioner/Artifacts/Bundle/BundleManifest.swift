import FoundationEssentials
import SystemPackage

/// `manifest.json` of a bundle: every artifact with its files and their hashes.
struct BundleManifest: Sendable, Hashable, Codable {
    struct File: Sendable, Hashable, Codable {
        /// Path inside the bundle.
        let path: String
        let size: Int64
        let sha256: String
    }

    struct Entry: Sendable, Hashable, Codable {
        let id: ArtifactID
        let version: String
        let architecture: Architecture
        let origin: String
        let files: [File]
    }

    static let name = "manifest.json"

    var format = 1
    var artifacts: [Entry]

    init(_ set: ArtifactSet) {
        artifacts = set.artifacts.map { artifact in
            let folder = "files/\(artifact.id.family.rawValue)-\(artifact.version)-\(artifact.architecture.rawValue)"
            return Entry(
                id: artifact.id,
                version: artifact.version,
                architecture: artifact.architecture,
                origin: artifact.origin,
                files: artifact.files.map { File(path: "\(folder)/\($0.name)", size: $0.size, sha256: $0.sha256) }
            )
        }
    }

    /// Reads and checks it: a path that would leave the bundle is refused.
    init(in directory: FilePath) throws {
        let path = directory.appending(Self.name)
        do {
            self = try JSONDecoder().decode(BundleManifest.self, from: Data(try Files.read(path)))
        } catch {
            throw Self.unreadable(path, "\(error)")
        }
        guard format == 1 else { throw Self.unreadable(path, "its format is \(format), this program reads 1") }
        for file in artifacts.flatMap(\.files) where !Self.isInside(file.path) {
            throw Self.unreadable(path, "\(file.path) leaves the bundle")
        }
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    private static func isInside(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
    }

    private static func unreadable(_ path: FilePath, _ reason: String) -> ArtifactError {
        ArtifactError(
            .bundleUnreadable,
            subject: path.string,
            attempted: "read the bundle's manifest",
            reason: reason,
            remedy: "make the bundle again with `provision artifacts bundle`"
        )
    }
}
