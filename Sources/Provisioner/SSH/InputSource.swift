import Foundation
import ProvisionCore
import Templates

/// What goes to a command's standard input, piece by piece: memory stays flat whatever the size.
struct InputSource {
    private static let pieceSize = 1 << 20
    private var first: [UInt8]
    private var file: FileHandle?
    private var isDone = false

    /// Opens the file of a file input.
    init(_ input: RemoteCommand.Input, prefix: [UInt8] = [], host: String) throws(TransportError) {
        first = prefix
        switch input {
        case .none: break
        case .bytes(let bytes): first += bytes.reveal()
        case .file(let path):
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw TransportError(
                    code: .localFailure,
                    host: host,
                    attempted: "read \(path)",
                    reason: "cannot be opened",
                    remedy: "fetch the artifacts again"
                )
            }
            file = handle
        }
    }

    /// The next piece; empty at the end.
    mutating func next(host: String) throws(TransportError) -> [UInt8] {
        if !first.isEmpty {
            defer { first = [] }
            return first
        }
        guard let file, !isDone else { return [] }
        do {
            guard let data = try file.read(upToCount: Self.pieceSize), !data.isEmpty else {
                isDone = true
                try file.close()
                return []
            }
            return Array(data)
        } catch {
            throw TransportError(
                code: .localFailure,
                host: host,
                attempted: "read a file to send",
                reason: "\(error)",
                remedy: "fetch the artifacts again"
            )
        }
    }
}
