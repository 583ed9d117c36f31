import Foundation

/// Runs a real program and waits for its end without blocking a thread of the cooperative pool.
enum Program {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var bytes: [UInt8]
    }

    static func run(_ path: String, _ arguments: [String], in directory: URL? = nil) async throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        if let directory { process.currentDirectoryURL = directory }
        // A file, not a pipe: output of any length never stops the program.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("templates-\(UUID().uuidString).out")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try handle.close()
        let data = try Data(contentsOf: file)
        return Result(
            status: process.terminationStatus,
            output: String(decoding: data, as: UTF8.self),
            bytes: Array(data)
        )
    }
}
