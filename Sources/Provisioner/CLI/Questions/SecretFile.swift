import Foundation
import ProvisionCore
import Templates

/// Secrets in local files: one that others may read is none.
enum SecretFile {
    /// A passphrase, a password or a code.
    ///
    /// - Parameter path: The file.
    /// - Returns: Its first line that is not empty.
    /// - Throws: `CommandFailure` where others may read it, or it holds nothing.
    static func firstLine(_ path: String) throws -> Secret<String> {
        try requirePrivate(path)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let line = text.split(separator: "\n").first
        else {
            throw CommandFailure(
                "\(path): holds no secret that can be read",
                remedy: "put it on the first line, mode 0600",
                status: .failed
            )
        }
        return Secret(String(line))
    }

    /// Refuses a file that others may read; links are followed, and what is no file, as a pipe, is as private as its ends.
    ///
    /// - Parameter path: The file; whoever reads it says where it is missing.
    /// - Throws: `CommandFailure`.
    static func requirePrivate(_ path: String) throws {
        let file = URL(fileURLWithPath: Places.absolute(path)).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 != 0
        else { return }
        throw CommandFailure(
            "\(path): others may read it (mode \(String(mode, radix: 8)))",
            remedy: "chmod 600 \(path), and make a new one if somebody may have read this one",
            status: .refused
        )
    }
}
