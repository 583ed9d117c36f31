import Foundation
import ProvisionCore
import Subprocess
import SystemPackage
import Templates

/// A host made of this machine's real shell and tools, with its own /etc, /run, /var/lib and /srv.
///
/// Each command runs in a mount and a network namespace of its own over the same private directories, so that nothing outside is
/// touched and nothing needs to be undone. Needs root.
final class SandboxHost: Transport {
    let root: String
    /// Cuts every script after this many bytes, as a lost connection would.
    private let cutAfter: Int?

    init(cutAfter: Int? = nil, root: String? = nil) throws {
        self.cutAfter = cutAfter
        self.root = root ?? NSTemporaryDirectory() + "provision-sandbox-" + UUID().uuidString
        for name in Self.private {
            try FileManager.default.createDirectory(atPath: self.root + name, withIntermediateDirectories: true)
        }
        for name in Self.borrowed
        where FileManager.default.fileExists(atPath: name) && !FileManager.default.fileExists(atPath: self.root + name)
        {
            try FileManager.default.copyItem(atPath: name, toPath: self.root + name)
        }
    }

    private static let `private` = ["/run", "/var/lib", "/srv", "/etc"]
    /// What its tools read in /etc, copied.
    private static let borrowed = [
        "/etc/passwd", "/etc/group", "/etc/machine-id", "/etc/alternatives", "/etc/ld.so.cache",
    ]

    func remove() { try? FileManager.default.removeItem(atPath: root) }

    /// A path on the host as this machine sees it.
    func path(_ path: String) -> String { root + path }

    func content(_ path: String) throws -> String { try String(contentsOfFile: root + path, encoding: .utf8) }

    func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        do { return try await execute(command) } catch {
            throw TransportError(
                code: .localFailure,
                host: "sandbox",
                attempted: command.line,
                reason: "\(error)",
                remedy: "run as root"
            )
        }
    }

    func close() async {}

    private func execute(_ command: RemoteCommand) async throws -> CommandResult {
        var input: [UInt8] = []
        switch command.input {
        case .none: break
        case .bytes(let bytes): input = bytes.reveal()
        case .file(let path): input = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        }
        if let cutAfter { input = Array(input.prefix(cutAfter)) }
        let mounts = Self.private.map { "mount --bind \(root)\($0) \($0)" }
        // What the command leaves of its input is read all the same: Subprocess takes a closed pipe for a defect.
        let script = (mounts + ["{ \(command.line); }"]).joined(separator: " && ") + "; s=$?; cat > /dev/null; exit $s"
        let result = try await Subprocess.run(
            .name("unshare"),
            arguments: ["--mount", "--net", "/bin/sh", "-c", script],
            input: .array(input),
            output: .bytes(limit: 1 << 20),
            error: .bytes(limit: 1 << 20)
        )
        let status: CommandResult.Status
        switch result.terminationStatus {
        case .exited(let code): status = .exited(Int32(code))
        case .signaled(let signal): status = .signalled("\(signal)")
        }
        return CommandResult(status: status, output: result.standardOutput, errorOutput: result.standardError)
    }
}
