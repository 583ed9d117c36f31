import Foundation
import ProvisionArtifacts
import ProvisionCore
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

/// Files that only their owner may read, from their first byte on.
enum PrivateFile {
    /// Writes beside the place, syncs, renames; directories on the way are made.
    ///
    /// - Parameters:
    ///   - bytes: What it holds.
    ///   - path: Where.
    ///   - mode: Set once all is written; until then nobody else can open it.
    /// - Throws: `CommandFailure` where it cannot be written.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws {
        let target = FilePath(path)
        let temporary = FilePath("\(path).\(ProcessInfo.processInfo.processIdentifier)")
        let directory = target.removingLastComponent().string
        do {
            if !directory.isEmpty {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            Files.remove(temporary)
            let file = try FileDescriptor.open(
                temporary,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite]
            )
            try file.closeAfter {
                try file.writeAll(bytes)
                guard fchmod(file.rawValue, mode) == 0, fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            try Files.move(temporary, to: target)
        } catch {
            Files.remove(temporary)
            throw CommandFailure("\(path) cannot be written: \(error)", remedy: "check its directory", status: .failed)
        }
    }
}
