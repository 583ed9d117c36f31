import Foundation
import ProvisionCore
import Templates

/// What goes to a command's standard input, piece by piece: memory stays flat whatever the size.
struct InputSource: Sendable {
    private static let pieceSize = 1 << 20
    private var bytes: [UInt8] = []
    private var file: FileHandle?
    private var path = ""

    /// Opens the file of a file input.
    ///
    /// - Parameters:
    ///   - input: What the command is sent.
    ///   - head: What comes before it.
    ///   - host: For messages.
    /// - Throws: `TransportError` when the file cannot be opened.
    init(_ input: RemoteCommand.Input, after head: [UInt8] = [], host: String) throws(TransportError) {
        bytes = head
        switch input {
        case .none: break
        case .bytes(let secret): bytes += secret.reveal()
        case .file(let path):
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw Self.failure(path, "it cannot be opened", host)
            }
            file = handle
            self.path = path
        }
    }

    /// The next piece; empty at the end.
    mutating func next(host: String) throws(TransportError) -> [UInt8] {
        if !bytes.isEmpty {
            defer { bytes = [] }
            return bytes
        }
        guard let file else { return [] }
        do {
            if let data = try file.read(upToCount: Self.pieceSize), !data.isEmpty { return Array(data) }
            try file.close()
            self.file = nil
            return []
        } catch { throw Self.failure(path, "\(error)", host) }
    }

    private static func failure(_ path: String, _ reason: String, _ host: String) -> TransportError {
        TransportError(
            code: .localFailure,
            host: host,
            attempted: "read \(path)",
            reason: reason,
            remedy: "fetch the artifacts again"
        )
    }
}
