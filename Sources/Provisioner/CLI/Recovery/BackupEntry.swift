import ProvisionArtifacts
import ProvisionCore
import SystemPackage
import Templates

/// One file on its way into a back-up.
struct BackupEntry: Sendable {
    enum Source: Sendable {
        case bytes(Secret<[UInt8]>)
        case file(path: String, sha256: String)
    }

    var name: String
    /// Bytes.
    var size: Int
    var source: Source

    init(_ name: String, _ bytes: Secret<[UInt8]>) {
        self.name = name
        size = bytes.reveal().count
        source = .bytes(bytes)
    }

    init(_ name: String, file path: String, size: Int, sha256: String) {
        self.name = name
        self.size = size
        source = .file(path: path, sha256: sha256)
    }

    var described: BackupManifest.File {
        switch source {
        case .bytes(let bytes): .init(name: name, size: size, sha256: FileHasher.hash(bytes.reveal()))
        case .file(_, let sha256): .init(name: name, size: size, sha256: sha256)
        }
    }
}

/// The bytes of a tar archive of entries, as they are asked for.
struct TarStream {
    private var entries: [BackupEntry]
    private let modified: Int64
    private var pending: [UInt8] = []
    private var open: (file: FileDescriptor, left: Int, padding: Int)?
    private var hasEnded = false

    init(_ entries: [BackupEntry], modified: Int64) {
        self.entries = entries.reversed()
        self.modified = modified
    }

    static func length(_ entries: [BackupEntry]) -> Int {
        entries.reduce(TarHeader.trailer.count) { $0 + TarHeader(name: $1.name, size: $1.size, modified: 0).space }
    }

    /// The next so many bytes.
    ///
    /// - Throws: `CommandFailure` where a file has become shorter.
    mutating func next(_ count: Int) throws -> [UInt8] {
        while pending.count < count, try refill() {}
        defer { pending.removeFirst(min(count, pending.count)) }
        return Array(pending.prefix(count))
    }

    private mutating func refill() throws -> Bool {
        if let (file, left, padding) = open {
            let part = try Self.read(file, min(left, 1 << 20))
            pending += part
            open = (file, left - part.count, padding)
            if left == part.count {
                try file.close()
                pending += [UInt8](repeating: 0, count: padding)
                open = nil
            }
            return true
        }
        guard let entry = entries.popLast() else {
            guard !hasEnded else { return false }
            hasEnded = true
            pending += TarHeader.trailer
            return true
        }
        let header = TarHeader(name: entry.name, size: entry.size, modified: modified)
        pending += header.bytes
        switch entry.source {
        case .bytes(let bytes): pending += bytes.reveal() + [UInt8](repeating: 0, count: header.padding)
        case .file(let path, _):
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            open = (file, entry.size, header.padding)
        }
        return true
    }

    private static func read(_ file: FileDescriptor, _ count: Int) throws -> [UInt8] {
        guard count > 0 else { return [] }
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        guard !bytes.isEmpty else {
            let what = "a file became shorter while it was read"
            throw CommandFailure(what, remedy: "run again, with nothing else writing there", status: .failed)
        }
        return bytes
    }
}
