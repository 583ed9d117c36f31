import FoundationEssentials
import SystemPackage

/// A finished cache directory of one family, version and architecture, with a note of where its files came from.
struct ProducedFiles: Sendable, Hashable {
    let directory: FilePath
    let family: ArtifactFamily
    /// The full version, which for Debian packages may say more than the request did.
    let version: String
    let architecture: Architecture
    /// SHA-256 by file name where a bundle's manifest promises it.
    var promised: [String: String] = [:]
    /// Origins told by a bundle's manifest; others are read from the directory.
    var origins: [ArtifactID: String] = [:]

    private static let originsName = "origins.json"

    /// Whether every member has its file; for packages, whether there is any.
    func holds(_ members: [ArtifactID]) -> Bool {
        members.allSatisfy { id in
            id.shape == .debianPackages ? !packages.isEmpty : Files.isFile(path(of: id))
        }
    }

    func path(of id: ArtifactID) -> FilePath {
        id.shape == .debianPackages ? directory : directory.appending(id.installName)
    }

    /// The `.deb` files, sorted by name.
    var packages: [FilePath] {
        Files.names(in: directory).filter { $0.hasSuffix(".deb") }.map { directory.appending($0) }
    }

    func origin(of id: ArtifactID) -> String {
        if let origin = origins[id] { return origin }
        let bytes = try? Files.read(directory.appending(Self.originsName))
        let origins = bytes.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0)) }
        return origins?[id.rawValue] ?? "debian: \(family.rawValue) \(version), built here"
    }

    /// Adds origins to those already noted in `directory`.
    static func note(_ origins: [ArtifactID: String], in directory: FilePath) throws {
        let path = directory.appending(originsName)
        let bytes = try? Files.read(path)
        var all = bytes.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0)) } ?? [:]
        for (id, origin) in origins { all[id.rawValue] = origin }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Files.write(Array(try encoder.encode(all)), to: path)
    }
}
