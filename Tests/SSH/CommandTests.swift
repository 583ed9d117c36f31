import Foundation
import ProvisionCore
import ProvisionSSH
import Templates
import Testing

@Suite struct CommandTests {
    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a command's end is told as it was`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                #expect(try await host.run(RemoteCommand("exit 3")).status == .exited(3))
                #expect(try await host.run(RemoteCommand("exit 255")).status == .exited(255))
                let both = try await host.run(RemoteCommand("echo out; echo err >&2"))
                #expect(both.outputText == "out\n" && both.errorText == "err\n" && !both.truncated)
                // Its output is closed long before it ends.
                let late = try await host.run(RemoteCommand("exec > /dev/null 2>&1; sleep 0.4; exit 7"))
                #expect(late.status == .exited(7))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a command killed by a signal is no success`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let result = try await host.run(RemoteCommand("kill -9 $$"))
                guard case .signalled(let name) = result.status else {
                    Issue.record("\(result.status)")
                    return
                }
                if transport == .libssh2 { #expect(name == "KILL") }
                #expect(try await host.run(RemoteCommand("echo on")).outputText == "on\n")
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a session killed during a command leaves the state unknown`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                // The shell's parent is the connection's own sshd.
                let error = try await #require(
                    #expect(throws: TransportError.self) {
                        try await host.run(RemoteCommand("echo begun; kill -9 $PPID; sleep 5"))
                    }
                )
                #expect(error.code == .connectionLost && error.stateIsUnknown)
                let after = try await #require(
                    #expect(throws: TransportError.self) { try await host.run(RemoteCommand("true")) }
                )
                #expect(after.code == .connectionLost)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `both streams are drained, and no more is kept than asked`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let megabytes = "head -c 5000000 /dev/zero"
                let errors = try await host.run(RemoteCommand("\(megabytes) >&2"))
                #expect(errors.status == .exited(0) && errors.errorOutput.count == 5_000_000)
                var small = RemoteCommand("\(megabytes); \(megabytes) >&2; exit 4")
                small.outputLimit = 1000
                let result = try await host.run(small)
                #expect(result.status == .exited(4) && result.truncated)
                #expect(result.output.count == 1000 && result.errorOutput.count == 1000)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a script of 200 kB runs from standard input`(transport: SSHEndpoint.TransportChoice) async throws {
        let script = "main() {\n" + String(repeating: "x=\(String(repeating: "0123456789", count: 10))\n", count: 2000)
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let result = try await host.run(RemoteCommand("/bin/sh -s", input: script + "echo end $x\n}\nmain\n"))
                #expect(result.outputText.hasPrefix("end 01234") && result.status == .exited(0))
                // What is not read is no failure; what ends early says why.
                let much = String(repeating: script, count: 20)
                let early = try await host.run(RemoteCommand("echo enough; exit 5", input: much))
                #expect(early.status == .exited(5) && early.outputText == "enough\n")
                let deaf = try await host.run(RemoteCommand("exec <&-; sleep 0.3; echo deaf; exit 6", input: much))
                #expect(deaf.status == .exited(6) && deaf.outputText == "deaf\n")
                // The echo of what is still being sent must not stop either side.
                let echo = try await host.run(RemoteCommand("cat", input: String(repeating: script, count: 10)))
                #expect(echo.output.count == script.utf8.count * 10)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports + [.local])
    func `a line of any length is run, and leaves its input to its commands`(
        transport: SSHEndpoint.TransportChoice
    ) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let long = "x=\(String(repeating: "x", count: 40_000)); cat; echo ${#x}; exit 3"
                let result = try await host.run(RemoteCommand(long, input: "its input\n"))
                #expect(result.outputText == "its input\n40000\n" && result.status == .exited(3))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `more commands run than a server has channels`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with(["MaxSessions 2"]) { sshd in
            try await using(sshd.endpoint(transport)) { host in
                for number in 0..<15 {
                    let result = try await host.run(RemoteCommand("echo \(number)"))
                    #expect(result.outputText == "\(number)\n")
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports + [.local])
    func `a command that hangs is cut off`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let start = ContinuousClock.now
                let error = try await #require(
                    #expect(throws: TransportError.self) { try await host.run(RemoteCommand("sleep 60", seconds: 1)) }
                )
                #expect(error.code == .timeout && error.stateIsUnknown)
                #expect(start.duration(to: .now) < .seconds(30))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports + [.local])
    func `a cancelled command ends at once`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            try await using(sshd.endpoint(transport)) { host in
                let task = Task { try await host.run(RemoteCommand("sleep 60")) }
                try await Task.sleep(for: .milliseconds(500))
                task.cancel()
                let error = try await #require(#expect(throws: TransportError.self) { try await task.value })
                #expect(error.code == .cancelled && error.stateIsUnknown, "\(error)")
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: transports)
    func `a login shell's banner is output, not an error`(transport: SSHEndpoint.TransportChoice) async throws {
        try await SSHServer.with { sshd in
            let rc = "echo Welcome; echo careful >&2; alias cat=false; sleep 0.1\n"
            try sshd.scratch.write(rc, to: "home/.bashrc")
            let result = try await run("/bin/sh -c 'echo framed'", on: sshd.endpoint(transport))
            #expect(result.outputText == "Welcome\nframed\n" && result.status == .exited(0))
        }
    }

    /// What libssh2 has taken off the socket wakes nobody: a wait for it lasts until the poll's own end.
    @Test(.timeLimit(.minutes(3)))
    func `nobody waits for what has already come`() async throws {
        try await SSHServer.with { sshd in
            let counters = TransportCounters()
            let host = try await TransportFactory(counters: counters).open(sshd.endpoint(.libssh2))
            for _ in 0..<20 {
                let both = try await host.run(RemoteCommand("echo out; echo err >&2; echo out"))
                #expect(both.outputText == "out\nout\n" && both.errorText == "err\n")
                let text = "for i in 1 2 3 4 5 6 7 8; do date > /dev/null; echo $i; done\n"
                let script = RemoteCommand(line: "/bin/sh -s", input: .bytes(Secret(Array(text.utf8))))
                #expect(try await host.run(script).outputText == "1\n2\n3\n4\n5\n6\n7\n8\n")
            }
            await host.close()
            #expect(counters.all.values.map(\.commands) == [40])
            // A busy machine may take a quarter of a second for so little now and then.
            #expect(counters.all.values.allSatisfy { $0.emptyWaits < 3 }, "\(counters.all)")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `thirty commands wait at the same time`() async throws {
        let endpoint = SSHEndpoint(name: "local", address: "-", transport: .local)
        let host = try await TransportFactory(counters: TransportCounters()).open(endpoint)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup { group in
            for _ in 0..<30 { group.addTask { _ = try await host.run(RemoteCommand("sleep 1")) } }
            try await group.waitForAll()
        }
        // On the two threads of a small machine's shared pool it would be 15 seconds.
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test(.timeLimit(.minutes(3)))
    func `a local command keeps its status, its streams and its limit`() async throws {
        let endpoint = SSHEndpoint(name: "local", address: "-", transport: .local)
        try await using(endpoint) { host in
            let killed = try await host.run(RemoteCommand("kill -9 $$"))
            #expect(killed.status == .signalled("KILL"))
            let result = try await host.run(RemoteCommand("cat; exit 9", input: "abc"))
            #expect(result.outputText == "abc" && result.status == .exited(9))
            // A daemon that keeps the streams open does not keep us.
            let start = ContinuousClock.now
            let daemon = try await host.run(RemoteCommand("sleep 20 & echo done"))
            #expect(daemon.outputText == "done\n" && start.duration(to: .now) < .seconds(15))
        }
    }
}
