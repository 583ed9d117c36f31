import Foundation
import Glibc
import Synchronization
import SystemPackage

/// One known_hosts file on this machine.
struct KnownHostsFile {
    let path: String

    /// Its bytes; empty when there is no such file.
    ///
    /// - Throws: `Errno` for every other reason, so that an unreadable file never reads as an unknown host.
    func read() throws(Errno) -> [UInt8] {
        let file: FileDescriptor
        do { file = try FileDescriptor.open(path, .readOnly) } catch {
            if error as? Errno == .noSuchFileOrDirectory { return [] }
            throw error as? Errno ?? .ioError
        }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        do {
            while case let count = try piece.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                bytes += piece[..<count]
            }
        } catch { throw error as? Errno ?? .ioError }
        return bytes
    }

    private struct Reading {
        var bytes: [UInt8]
        var known: KnownHosts
    }

    /// The last reading of each file: every host of a run asks for the same ones.
    private static let readings = Mutex<[String: Reading]>([:])

    /// What the bytes of a file say; bytes that were read before are not read again.
    static func parsed(_ bytes: [UInt8], of path: String) -> KnownHosts {
        readings.withLock { readings in
            if let last = readings[path], last.bytes == bytes { return last.known }
            var known = KnownHosts()
            known.read(bytes, file: path)
            readings[path] = Reading(bytes: bytes, known: known)
            return known
        }
    }

    /// Adds a line by one appending write, so that hosts learnt at the same time do not overwrite each other.
    func append(_ line: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let file = try FileDescriptor.open(
            path,
            .readWrite,
            options: [.append, .create, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
        defer { try? file.close() }
        let lead = try endsInsideLine(file) ? "\n" : ""
        _ = try file.writeAll(Array("\(lead)\(line)\n".utf8))
    }

    private func endsInsideLine(_ file: FileDescriptor) throws -> Bool {
        let size = try file.seek(offset: 0, from: .end)
        guard size > 0 else { return false }
        var last: UInt8 = 0
        _ = try withUnsafeMutableBytes(of: &last) { try file.read(fromAbsoluteOffset: size - 1, into: $0) }
        return last != 0x0A
    }
}
