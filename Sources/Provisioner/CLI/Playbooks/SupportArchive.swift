import Foundation
import ProvisionCore
import Templates

/// A tar archive, mode 0600, of what hosts handed over; nothing reaches it unredacted.
actor SupportArchive {
    nonisolated let path: String
    private let redaction: Redaction
    private var archive = TarArchive()
    private var notes: [String] = []
    private(set) var files = 0
    private(set) var hidden = 0
    /// Why it could not be written.
    private(set) var failure: CommandFailure?

    init(path: String, redaction: Redaction) {
        self.path = path
        self.redaction = redaction
    }

    /// Knows every key of the cluster's own store and of the way to its hosts.
    static func redaction(_ spec: ClusterSpec) throws -> Redaction {
        let store = spec.pki.directory
        let names = FileManager.default.enumerator(atPath: store)?.compactMap { $0 as? String } ?? []
        let keys = names.filter { !$0.hasSuffix(".crt") && !$0.hasSuffix(".csr") && !$0.hasSuffix(".pub") }.map {
            store + "/" + $0
        }
        let logins = spec.hosts.flatMap(\.ssh.identityFiles)
        let named = [spec.features.staticTokenFile].compactMap(\.self)
        let secrets = Set(keys + logins + named).compactMap { path -> Secret<[UInt8]>? in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
                return nil
            }
            return FileManager.default.contents(atPath: path).map { Secret(Array($0)) }
        }
        return Redaction(secrets: secrets)
    }

    /// Takes a host's items; why it cannot, where it cannot.
    func add(_ host: String, _ items: [SupportCollection.Item]) -> String? {
        for item in items {
            if let reason = item.leftOut {
                notes.append("\(host)/\(item.name): left out, \(reason)")
                continue
            }
            guard let text = String(validating: item.content, as: UTF8.self) else {
                notes.append("\(host)/\(item.name): left out, it is not text")
                continue
            }
            let (clean, count) = redaction.redact(text)
            hidden += count
            files += 1
            archive.add("\(host)/\(item.name)", Array(clean.utf8))
        }
        return nil
    }

    /// Writes the archive with a list of what was left out; `require` says whether that went well.
    func close() {
        guard files > 0 else { return }
        let head = "\(counted(files, "file")), \(counted(hidden, "secret")) hidden as \(Redaction.mark)"
        let text = ([head] + notes.sorted()).joined(separator: "\n")
        archive.add("CONTENTS.txt", Array((text + "\n").utf8))
        do { try PrivateFile.write(archive.bytes, to: path) } catch { failure = Self.failure(error, path) }
    }

    private static func failure(_ error: any Error, _ path: String) -> CommandFailure {
        let reason = (error as? CommandFailure)?.message ?? "\(path) cannot be written: \(error)"
        return CommandFailure(
            "what was collected is lost: \(reason)",
            remedy: "make space there, or name another place with --archive; then run the same command again",
            status: .failed
        )
    }

    /// - Throws: `CommandFailure` where what was collected could not be written.
    func require() throws {
        if let failure { throw failure }
    }

    /// One line for people.
    var summary: String {
        if let failure { return failure.message }
        return files == 0
            ? "nothing was collected"
            : "\(path): \(counted(files, "file")), \(counted(hidden, "secret")) hidden, "
                + "\(counted(notes.count, "item")) left out (CONTENTS.txt says why)"
    }
}
