import Foundation
import Subprocess
import SystemPackage
import Testing

/// A directory of its own for one test, with a short path, as sockets want it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = "/tmp/provision-test-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
    }

    deinit {
        // A server that is just ending may write its log once more.
        for _ in 0..<20 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file; gives back its path.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file(name))
        return file(name)
    }

    func read(_ name: String) -> String {
        FileManager.default.contents(atPath: file(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Makes a key pair; gives back the private key's path.
    @discardableResult
    func key(
        _ name: String,
        type: String = "ed25519",
        passphrase: String = "",
        _ more: [String] = []
    ) async throws -> String {
        let size = type == "rsa" ? ["-b", "2048"] : []
        try await tool("ssh-keygen", size + ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", file(name)] + more)
        return file(name)
    }
}

struct ToolResult: Sendable {
    var status: Int32
    var output: String
    var errors: String
}

/// Runs a program of this machine to its end.
///
/// - Throws: when it exits otherwise than with 0, unless `mayFail`.
@discardableResult
func tool(
    _ name: String,
    _ arguments: [String],
    input: String = "",
    environment: [String: String] = [:],
    mayFail: Bool = false
) async throws -> ToolResult {
    var variables: [Environment.Key: String?] = ["LC_ALL": "C"]
    for (key, value) in environment { variables[Environment.Key(stringLiteral: key)] = value }
    let result = try await Subprocess.run(
        name.contains("/") ? .path(FilePath(name)) : .name(name),
        arguments: Arguments(arguments),
        environment: .inherit.updating(variables),
        input: .string(input),
        output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20)
    )
    let status: Int32 = if case .exited(let code) = result.terminationStatus { Int32(code) } else { -1 }
    let answer = ToolResult(status: status, output: result.standardOutput, errors: result.standardError)
    if !mayFail { try #require(status == 0, "\(name): \(answer.errors)") }
    return answer
}
