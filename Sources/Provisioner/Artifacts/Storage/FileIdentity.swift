import Glibc
import SystemPackage

/// What must be unchanged for a remembered hash to hold: inode, size, modification and change time.
struct FileIdentity: Sendable, Hashable, Codable {
    let inode: UInt64
    let size: Int64
    let modified: Int64
    let changed: Int64

    /// Reads it, or nothing if the path is not a regular file.
    init?(_ path: FilePath) {
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
