import Foundation
import ProvisionCore
import Templates
import Testing

@testable import ProvisionSSH

/// Users whose login shells read commands each in its own way.
@Suite struct LoginShellTests {
    /// Those that are here; sh is.
    private static let shells = ["/bin/sh", "/bin/bash", "/bin/bsd-csh", "/bin/tcsh", "/usr/bin/fish"].filter {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What a run asks of a host: scripts, an upload, and whatever a playbook quotes.
    private func expectAll(_ endpoint: SSHEndpoint, _ sshd: SSHServer) async throws {
        let file = sshd.scratch.file("artifact")
        let upload = Action(kind: .upload, title: "send", script: "sha256sum; echo 'a!b \\ $HOME'")
        let hash = try await tool("sha256sum", [file]).output.prefix(64)
        try await using(endpoint) { host in
            let script = try await host.run(RemoteCommand("/bin/sh -s", input: "main() {\necho \"it's !\"\n}\nmain\n"))
            #expect(script.outputText.hasSuffix("it's !\n") && script.status == .exited(0), "\(script.errorText)")
            let line = HostScript(nonce: "n0nce").receiving(upload)
            let sent = try await host.run(RemoteCommand(line: line, input: .file(path: file)))
            let words = "\(hash)  -\na!b \\ $HOME\nn0nce received\n"
            #expect(sent.outputText.hasSuffix(words) && sent.status == .exited(0), "\(sent.errorText)")
            let short = try await host.run(RemoteCommand("x='!'; for i in 1 2; do echo \"$i$x\\\\\"; done; exit 5"))
            #expect(short.outputText.hasSuffix("1!\\\n2!\\\n") && short.status == .exited(5), "\(short.errorText)")
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports, Self.shells)
    func `a command reaches /bin/sh whatever the login shell`(
        transport: SSHEndpoint.TransportChoice,
        shell: String
    ) async throws {
        try await TestUser.with(sudoers: ["USER ALL=(ALL:ALL) ALL"], shell: shell) { user in
            try await SSHServer.with { sshd in
                try await tool("/bin/sh", ["-c", "head -c 200K /dev/urandom > \(sshd.scratch.file("artifact"))"])
                try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: sshd.home)
                try await expectAll(sshd.endpoint(transport, as: user, .direct), sshd)
                let password = SSHEndpoint.Privilege.sudoPassword(Secret(user.password))
                try await expectAll(sshd.endpoint(transport, as: user, password), sshd)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a script that is cut off on its way does nothing`() async throws {
        let scratch = try Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let endpoint = SSHEndpoint(name: "host", address: "host")
        let command = PrivilegedCommand("echo > \(scratch.file("ran"))\ncat", endpoint: endpoint)
        for length in 0..<command.head.count {
            let part = String(decoding: command.head.prefix(length), as: UTF8.self)
            try await tool("/bin/sh", ["-c", command.line], input: part, mayFail: true)
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("ran")))
        let all = String(decoding: command.head, as: UTF8.self) + "its input"
        #expect(try await tool("/bin/sh", ["-c", command.line], input: all).output == "its input")
        #expect(FileManager.default.fileExists(atPath: scratch.file("ran")))
    }

    @Test(arguments: [SSHEndpoint.Privilege.direct, .sudo, .sudoPassword(Secret("it's !"))])
    func `every line is short and of one kind`(privilege: SSHEndpoint.Privilege) throws {
        let endpoint = SSHEndpoint(name: "host", address: "host", privilege: privilege)
        let long = "echo '\(String(repeating: "!\\\n", count: 3000))'"
        for script in ["/bin/sh -s", "true", "echo \"it's\" \\ !", "a\nb", long] {
            let command = PrivilegedCommand(script, endpoint: endpoint)
            // A restricted shell takes no exec, and sudo's users may have one.
            #expect(command.line.hasPrefix(privilege == .direct ? "exec " : "env LC_ALL=C sudo "))
            #expect(command.line.utf8.count < 1000)
            #expect(command.line.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
            #expect(command.head.isEmpty != script.contains("\n"))
        }
    }
}
