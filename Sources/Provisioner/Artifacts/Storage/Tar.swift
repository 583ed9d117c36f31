import SystemPackage

/// Archives whose bytes depend on names, modes and contents only.
enum Tar {
    /// Writes the entries of `directory`, everything owned by root and dated 1970, names sorted.
    static func create(_ path: FilePath, from directory: FilePath, entries: [String]) async throws {
        let options = [
            "--format=gnu", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner",
            "--hard-dereference",
        ]
        _ = try await Command("tar", options + ["-cf", path.string, "-C", directory.string, "--"] + entries).output()
    }
}
