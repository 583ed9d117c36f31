import Glibc
import SystemPackage

/// A download under way: `<target>.part`, and the server's entity tag beside it for a safe resume.
struct PartFile: Sendable {
    let target: FilePath

    var path: FilePath { FilePath("\(target.string).part") }
    private var tagPath: FilePath { FilePath("\(target.string).part.etag") }

    /// Bytes received so far.
    var size: Int64 { FileIdentity(path)?.size ?? 0 }

    /// The entity tag of the response these bytes came from.
    var tag: String? { try? Files.text(tagPath) }

    /// Opens for appending at `offset`, dropping what lies beyond it.
    func open(at offset: Int64, tag: String?) throws -> FileDescriptor {
        try Files.createDirectory(target.removingLastComponent())
        if let tag { try Files.write(Array(tag.utf8), to: tagPath) } else { Files.remove(tagPath) }
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        do {
            guard ftruncate(file.rawValue, Int(offset)) == 0 else { throw Errno(rawValue: errno) }
            try file.seek(offset: offset, from: .start)
            return file
        } catch {
            try? file.close()
            throw error
        }
    }

    /// Gives the verified bytes their name.
    func finish() throws {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        try file.closeAfter { try Files.sync(file) }
        try Files.move(path, to: target)
        Files.remove(tagPath)
    }

    func discard() {
        Files.remove(path)
        Files.remove(tagPath)
    }
}
