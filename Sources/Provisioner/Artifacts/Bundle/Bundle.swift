package import SystemPackage

/// Writing and checking of bundles: one tar with `manifest.json` first and all files after it.
package enum Bundle {
    /// Writes the tar atomically; the same set gives the same bytes.
    package static func write(_ set: ArtifactSet, to path: FilePath) async throws {
        let staging = FilePath("\(path.string).staging")
        defer { Files.remove(staging) }
        let manifest = BundleManifest(set)
        try await offloaded {
            Files.remove(staging)
            try Files.createDirectory(staging)
            try Files.write(try manifest.encoded(), to: staging.appending(BundleManifest.name))
            for (entry, artifact) in zip(manifest.artifacts, set.artifacts) {
                for (file, source) in zip(entry.files, artifact.files) {
                    let target = staging.appending(file.path)
                    try Files.createDirectory(target.removingLastComponent())
                    try Files.linkOrCopy(source.path, to: target)
                }
            }
        }
        let temporary = FilePath("\(path.string).tmp")
        do {
            try await Tar.create(temporary, from: staging, entries: [BundleManifest.name, "files"])
            try Files.move(temporary, to: path)
        } catch {
            Files.remove(temporary)
            throw error
        }
    }

    /// Unpacks if needed and compares every file with the manifest; all differences come in one error.
    package static func verify(_ path: FilePath, cacheDirectory: FilePath) async throws -> ArtifactSet {
        let provider = BundleProvider(path: path, cache: CacheLayout(root: cacheDirectory))
        let directory = try await provider.directory(progress: { _ in })
        let manifest = try BundleManifest(in: directory)
        let problems = try await offloaded { manifest.artifacts.flatMap(\.files).compactMap { compare($0, directory) } }
        guard problems.isEmpty else {
            throw ArtifactError(
                .hashMismatch,
                subject: path.string,
                attempted: "verify the bundle",
                reason: problems.joined(separator: "; "),
                remedy: "copy the bundle again, or make it anew with `provision artifacts bundle`"
            )
        }
        return ArtifactSet(manifest.artifacts.compactMap { BundleProvider.artifact($0, directory) })
    }

    private static func compare(_ file: BundleManifest.File, _ directory: FilePath) -> String? {
        guard let (sha256, size) = try? FileHasher.hash(directory.appending(file.path))
        else { return "\(file.path) is missing" }
        guard sha256 != file.sha256 || size != file.size else { return nil }
        return "\(file.path): expected sha256 \(file.sha256) (\(file.size) bytes), found \(sha256) (\(size) bytes)"
    }
}
