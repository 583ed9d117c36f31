import Foundation
import PKI
import ProvisionArtifacts
import ProvisionCore
import SystemPackage
import Templates

/// A sealed back-up on this machine: written chunk by chunk, and opened in the same way.
///
/// Keys come out of it into memory only; the snapshot, which may be large, into a private directory.
struct BackupFile {
    let path: String

    /// What came out.
    struct Opened: Sendable {
        var manifest: BackupManifest
        /// Everything but the snapshot.
        var files: [String: Secret<[UInt8]>]
        var snapshot: String
        /// As they came out, with their own digests.
        var found: [BackupManifest.File]

        /// The store's files, by their names in the store.
        var store: [CredentialStore.StoredFile] {
            files.filter { $0.key.hasPrefix(BackupManifest.Name.store) }.sorted { $0.key < $1.key }
                .map { .init(name: String($0.key.dropFirst(BackupManifest.Name.store.count)), content: $0.value) }
        }
    }

    /// Seals entries into the file.
    ///
    /// - Returns: Its size in bytes.
    func write(_ entries: [BackupEntry], modified: Int64, key: SealedArchive.Key) async throws -> Int {
        if let entry = entries.first(where: { $0.name.utf8.count > 100 }) {
            throw CommandFailure(
                "\(entry.name): the name is too long",
                remedy: "use shorter host names",
                status: .failed
            )
        }
        var stream = TarStream(entries, modified: modified)
        var written = 0
        try await AtomicPrivateFile.write(to: path) { file in
            var sealer = try SealedArchive.Sealer(length: TarStream.length(entries), key: key)
            try file.writeAll(sealer.header)
            written = sealer.header.count
            while let range = sealer.nextRange {
                let sealed = try sealer.seal(try stream.next(range.count))
                try file.writeAll(sealed)
                written += sealed.count
            }
        }
        return written
    }

    /// The first bytes, from which one knows what opens it.
    func head() throws -> [UInt8] {
        let file = try open()
        return try file.closeAfter { try Self.read(file, at: 0, count: SealedArchive.Opener.headSize) }
    }

    /// Opens it whole; nothing that it holds is used before all of it has proven itself.
    func open(key: SealedArchive.Key, snapshot: String) async throws -> Opened {
        var unpacking = Unpacking(snapshot: snapshot)
        let file = try open()
        do {
            try unseal(file, key) { try unpacking.take($0) }
            try file.close()
        } catch let error as SealedArchiveError {
            try? file.close()
            throw SealKeyOptions.failure(path, error)
        } catch let error as TarReader.Damaged {
            try? file.close()
            throw CommandFailure(
                "\(path): what is sealed in it is no back-up (\(error))",
                remedy: Self.remedy,
                status: .failed
            )
        }
        return try unpacking.finish(path)
    }

    private static let remedy = "name a file that provision backup create made"

    private func unseal(_ file: FileDescriptor, _ key: SealedArchive.Key, _ body: ([UInt8]) throws -> Void) throws {
        let head = try Self.read(file, at: 0, count: SealedArchive.Opener.headSize)
        var opener = try SealedArchive.Opener(head: head, key: key)
        try opener.check(fileSize: Int(try file.seek(offset: 0, from: .end)))
        while let range = opener.nextRange {
            try body(try opener.open(try Self.read(file, at: range.lowerBound, count: range.count)))
        }
    }

    private func open() throws -> FileDescriptor {
        do { return try FileDescriptor.open(FilePath(Places.absolute(path)), .readOnly, options: .closeOnExec) } catch {
            throw CommandFailure("\(path): cannot be read: \(error)", remedy: Self.remedy, status: .failed)
        }
    }

    private static func read(_ file: FileDescriptor, at offset: Int, count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let position = Int64(offset + bytes.count)
            let part = try [UInt8](unsafeUninitializedCapacity: count - bytes.count) { buffer, used in
                used = try file.read(fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard !part.isEmpty else { break }
            bytes += part
        }
        return bytes
    }
}

/// Puts what comes out of a back-up where it belongs.
private struct Unpacking {
    let snapshot: String
    private var reader = TarReader()
    private var files: [String: [UInt8]] = [:]
    private var names: [String] = []
    private var file: FileDescriptor?
    private var isSnapshot = false

    init(snapshot: String) { self.snapshot = snapshot }

    mutating func take(_ bytes: [UInt8]) throws {
        for event in try reader.push(bytes) {
            switch event {
            case .file(let header): try begin(header)
            case .data(let part):
                if isSnapshot { try file?.writeAll(part) } else if let name = names.last { files[name]? += part }
            case .end: try close()
            }
        }
    }

    private mutating func begin(_ header: TarHeader) throws {
        try close()
        names.append(header.name)
        isSnapshot = header.name == BackupManifest.Name.snapshot
        guard isSnapshot else {
            files[header.name] = []
            return
        }
        file = try FileDescriptor.open(
            FilePath(snapshot),
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
    }

    private mutating func close() throws {
        try file?.close()
        file = nil
    }

    func finish(_ path: String) throws -> BackupFile.Opened {
        guard reader.isComplete, let bytes = files[BackupManifest.Name.manifest],
            let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(bytes)), manifest.format == 1
        else {
            throw CommandFailure(
                "\(path): it holds no manifest that this version can read",
                remedy: "use the version of provision that made it",
                status: .failed
            )
        }
        var found = files.map {
            BackupManifest.File(name: $0.key, size: $0.value.count, sha256: FileHasher.hash($0.value))
        }
        if names.contains(BackupManifest.Name.snapshot) {
            let hash = try FileHasher.hash(FilePath(snapshot))
            found.append(.init(name: BackupManifest.Name.snapshot, size: Int(hash.size), sha256: hash.sha256))
        }
        return BackupFile.Opened(
            manifest: manifest,
            files: files.mapValues { Secret($0) },
            snapshot: snapshot,
            found: found
        )
    }
}
