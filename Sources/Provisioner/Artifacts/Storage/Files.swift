import FoundationEssentials
import Glibc
package import SystemPackage

/// Small file helpers; all of them block briefly.
package enum Files {
    package static func exists(_ path: FilePath) -> Bool {
        path.withPlatformString { access($0, F_OK) } == 0
    }

    package static func isFile(_ path: FilePath) -> Bool {
        FileIdentity(path) != nil
    }

    /// A regular file that is not a symbolic link to one.
    package static func isPlainFile(_ path: FilePath) -> Bool {
        var status = stat()
        return path.withPlatformString { lstat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    package static func read(_ path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            while true {
                let block = try [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                if block.isEmpty { return bytes }
                bytes += block
            }
        }
    }

    package static func text(_ path: FilePath) throws -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Writes through a temporary file beside the target, synced before it takes the name.
    package static func write(_ bytes: [UInt8], to path: FilePath) throws {
        try createDirectory(path.removingLastComponent())
        let temporary = FilePath("\(path.string).tmp\(getpid())")
        let file = try FileDescriptor.open(
            temporary,
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        do {
            try file.closeAfter {
                try file.writeAll(bytes)
                try sync(file)
            }
            try move(temporary, to: path)
        } catch {
            remove(temporary)
            throw error
        }
    }

    package static func createDirectory(_ path: FilePath) throws {
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    /// Renames over whatever file was there, then syncs the directory.
    package static func move(_ from: FilePath, to path: FilePath) throws {
        let result = from.withPlatformString { old in path.withPlatformString { rename(old, $0) } }
        guard result == 0 else { throw Errno(rawValue: errno) }
        let directory = try FileDescriptor.open(
            path.removingLastComponent(),
            .readOnly,
            options: [.directory, .closeOnExec]
        )
        try directory.closeAfter { try sync(directory) }
    }

    /// Deletes a file or tree; that nothing is there is fine.
    package static func remove(_ path: FilePath) {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    package static func setExecutable(_ path: FilePath) throws {
        guard path.withPlatformString({ chmod($0, 0o755) }) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The names in a directory, sorted; none if it is missing.
    package static func names(in directory: FilePath) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []).sorted()
    }

    package static func copy(_ from: FilePath, to path: FilePath) throws {
        try FileManager.default.copyItem(atPath: from.string, toPath: path.string)
    }

    /// Copies by hard link where the file system allows it, byte for byte elsewhere.
    package static func linkOrCopy(_ from: FilePath, to path: FilePath) throws {
        remove(path)
        let result = from.withPlatformString { old in path.withPlatformString { Glibc.link(old, $0) } }
        if result != 0 { try copy(from, to: path) }
    }

    /// Makes a symbolic link; the target is written as given.
    package static func link(_ target: FilePath, at path: FilePath) throws {
        try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: target.string)
    }

    static func sync(_ file: FileDescriptor) throws {
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
