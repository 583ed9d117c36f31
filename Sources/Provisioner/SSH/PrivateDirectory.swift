import Foundation
import Glibc
import SystemPackage

/// A directory that only this user can enter, for the files of one connection; its path is short, as sockets want it.
struct PrivateDirectory: Sendable {
    let path: String

    /// Made anew, so that nobody can have prepared it.
    init() throws {
        var name = Array("/tmp/provision-ssh-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Errno(rawValue: errno) }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a small file that only this user can read; gives back its path.
    func write(_ text: String, to name: String, mode: Int) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// A file's text; empty when there is none.
    static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Whoever still writes here may get in the way once, not for long.
    func remove() {
        for _ in 0..<20 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
            if FileManager.default.fileExists(atPath: path) { usleep(10_000) }
        }
    }
}
