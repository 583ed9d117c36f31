import Foundation
import ProvisionCore
import ProvisionSSH
import Templates
import Testing

@Suite struct SudoTests {
    private let free = ["USER ALL=(ALL:ALL) NOPASSWD: ALL"]
    private let guarded = ["USER ALL=(ALL:ALL) ALL", "Defaults:USER lecture=always"]

    /// What must hold whenever sudo lets us through.
    private func expectRoot(_ endpoint: SSHEndpoint, secret: String) async throws {
        let script = "main() {\n" + String(repeating: ": 0123456789 0123456789\n", count: 8000) + "id -u\n}\nmain\n"
        try await using(endpoint) { host in
            let root = try await host.run(RemoteCommand("/bin/sh -s", input: script))
            #expect(root.outputText == "0\n" && root.errorText == "" && root.status == .exited(0))
            let input = "\n first\nlast without end"
            let echo = try await host.run(RemoteCommand("cat", input: input))
            #expect(echo.outputText == input)
            let much = try await host.run(RemoteCommand("wc -c", input: String(repeating: input, count: 100_000)))
            #expect(much.outputText == "\(input.utf8.count * 100_000)\n")
            let both = try await host.run(RemoteCommand("/bin/sh -c 'echo out; echo \"sudo: no\" >&2; exit 1'"))
            #expect(both.outputText == "out\n" && both.errorText == "sudo: no\n" && both.status == .exited(1))
            let killed = try await host.run(RemoteCommand("/bin/sh -c 'kill -9 $$'"))
            #expect(killed.status != .exited(0))
            let lines = try await host.run(RemoteCommand("tr '\\0' ' ' < /proc/$PPID/cmdline"))
            #expect(!lines.outputText.contains(secret))
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `sudo without a password makes root`(transport: SSHEndpoint.TransportChoice) async throws {
        try await TestUser.with(sudoers: free) { user in
            try await SSHServer.with { sshd in
                try sshd.scratch.write("echo Welcome\n", to: "home/.profile", mode: 0o644)
                try await expectRoot(sshd.endpoint(transport, as: user, .sudo), secret: user.password)
                // A password that nobody asks for goes nowhere.
                let password = SSHEndpoint.Privilege.sudoPassword(Secret(user.password))
                try await expectRoot(sshd.endpoint(transport, as: user, password), secret: user.password)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `sudo with its password makes root, lecture or not`(transport: SSHEndpoint.TransportChoice) async throws {
        try await TestUser.with(sudoers: guarded) { user in
            try await SSHServer.with { sshd in
                let password = SSHEndpoint.Privilege.sudoPassword(Secret(user.password))
                try await expectRoot(sshd.endpoint(transport, as: user, password), secret: user.password)

                let asked = try await failure(of: sshd.endpoint(transport, as: user, .sudo))
                #expect(asked.code == .authenticationFailed && asked.reason.contains("a password is required"))
                #expect(asked.remedy.contains("\(user.name) ALL=(ALL:ALL) NOPASSWD: ALL"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a wrong password is tried once`(transport: SSHEndpoint.TransportChoice) async throws {
        try await TestUser.with(sudoers: guarded) { user in
            try await SSHServer.with { sshd in
                let wrong = sshd.endpoint(transport, as: user, .sudoPassword(Secret("not it")))
                try await using(wrong) { host in
                    let error = try await #require(
                        #expect(throws: TransportError.self) {
                            try await host.run(
                                RemoteCommand("/bin/sh -s", input: "touch \(sshd.scratch.file("ran"))\n")
                            )
                        }
                    )
                    #expect(error.code == .authenticationFailed && !error.stateIsUnknown)
                    #expect(error.reason.contains("1 incorrect password attempt"))
                    #expect(error.remedy.contains("right password") && !"\(error)".contains("not it"))
                }
                #expect(!FileManager.default.fileExists(atPath: sshd.scratch.file("ran")))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `who may not use sudo is told the line to add`(transport: SSHEndpoint.TransportChoice) async throws {
        try await TestUser.with(sudoers: []) { user in
            try await SSHServer.with { sshd in
                let line = "/etc/sudoers.d/\(user.name) on the host: \(user.name) ALL=(ALL:ALL) NOPASSWD: ALL"
                for privilege in [.sudo, SSHEndpoint.Privilege.sudoPassword(Secret(user.password))] {
                    let error = try await failure(of: sshd.endpoint(transport, as: user, privilege))
                    #expect(error.code == .authenticationFailed && error.remedy.contains(line))
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a sudo that wants a terminal is told so`(transport: SSHEndpoint.TransportChoice) async throws {
        try await TestUser.with(sudoers: free + ["Defaults:USER requiretty"]) { user in
            try await SSHServer.with { sshd in
                let error = try await failure(of: sshd.endpoint(transport, as: user, .sudo))
                #expect(error.reason.contains("tty") && error.remedy.contains("Defaults:\(user.name) !requiretty"))
            }
        }
    }
}
