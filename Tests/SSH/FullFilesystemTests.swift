import Foundation
import Glibc
import ProvisionCore
import ProvisionSSH
import Templates
import Testing

/// The receiving end of an upload, on a filesystem that is full.
@Suite struct FullFilesystemTests {
    /// The second one's `df` is mistaken, as where somebody else fills the filesystem after it was asked.
    @Test(
        .timeLimit(.minutes(3)),
        .enabled(if: geteuid() == 0),
        arguments: transports,
        [("", "kB free"), ("df() { printf 'names\\nx 1 1 99999\\n'; }", "No space left on device")]
    )
    func `an upload that does not fit leaves the old file and nothing beside it`(
        transport: SSHEndpoint.TransportChoice,
        kind: (standIn: String, words: String)
    ) async throws {
        try await SSHServer.with { sshd in
            try await Self.withSmallFilesystem(at: sshd.scratch.file("small")) { directory in
                try sshd.scratch.write("old\n", to: "small/tool")
                let large = try await Self.upload(kilobytes: 2048, to: directory, kind.standIn, sshd.scratch)
                let small = try await Self.upload(kilobytes: 100, to: directory, "", sshd.scratch)
                try await using(sshd.endpoint(transport)) { host in
                    let refused = try await host.run(large)
                    let words = refused.outputText + refused.errorText
                    #expect(words.contains(kind.words) && words.contains("\(directory)/tool"), "\(words)")
                    #expect(!words.contains("received") && sshd.scratch.read("small/tool") == "old\n")
                    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["tool"])
                    #expect(try await host.run(small).outputText.contains("received"))
                }
            }
        }
    }

    /// Random bytes, and the command that receives them as `tool`.
    private static func upload(
        kilobytes: Int,
        to directory: String,
        _ standIn: String,
        _ scratch: Scratch
    ) async throws -> RemoteCommand {
        let path = scratch.file("artifact-\(kilobytes)")
        let make = "head -c \(kilobytes)K /dev/urandom > \(path) && sha256sum < \(path)"
        let hash = try await tool("/bin/sh", ["-c", make]).output.prefix(64)
        let receive = "receive \(directory)/tool 755 \(hash) \(kilobytes << 10)"
        let script = "S=\(scratch.file("state"))\n\(standIn)\n\(receive)"
        let action = Action(kind: .upload, title: "send", script: script)
        return RemoteCommand(line: HostScript(nonce: "nonce").receiving(action), input: .file(path: path))
    }

    /// 1.5 MB for one test, unmounted whatever happens.
    private static func withSmallFilesystem(
        at path: String,
        _ body: (String) async throws -> Void
    ) async throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try await tool("mount", ["-t", "tmpfs", "-o", "size=1536k", "tmpfs", path])
        do {
            try await body(path)
            try await tool("umount", [path])
        } catch {
            // Even when the test was cancelled because its time was over.
            _ = await Task { try? await tool("umount", ["-l", path], mayFail: true) }.value
            throw error
        }
    }
}
