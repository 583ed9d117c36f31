import Foundation
import ProvisionArtifacts
import ProvisionCore
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

/// A file that only its owner reads, written beside its place, synced, then renamed.
enum AtomicPrivateFile {
    static func write(
        to path: String,
        _ body: (FileDescriptor) async throws -> Void,
        check: (String) async throws -> Void = { _ in }
    ) async throws {
        let target = FilePath(path)
        let name = ".\(target.lastComponent?.string ?? "file").provision-tmp"
        let temporary = target.removingLastComponent().appending(name)
        Files.remove(temporary)
        do {
            let file = try FileDescriptor.open(
                temporary,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite]
            )
            do {
                try await body(file)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
                try file.close()
            } catch {
                try? file.close()
                throw error
            }
            try await check(temporary.string)
            try Files.move(temporary, to: target)
        } catch let error as Errno {
            Files.remove(temporary)
            throw CommandFailure(
                "\(path): cannot be written: \(error)",
                remedy: "see that its directory exists, is yours and has space",
                status: .failed
            )
        } catch {
            Files.remove(temporary)
            throw error
        }
    }
}
