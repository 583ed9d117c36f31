import SystemPackage

/// One `.deb` file on disk, unpacked by dpkg-deb without installing it.
struct DebianPackage: Sendable, Hashable {
    let path: FilePath

    func extract(to root: FilePath) async throws {
        try Files.createDirectory(root)
        _ = try await Command("dpkg-deb", ["--extract", path.string, root.string]).output()
    }
}
