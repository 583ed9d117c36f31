import Foundation
import ProvisionCore
import ProvisionSSH
import Subprocess
import SystemPackage
import Testing

/// A real sshd on a loopback port, with throw-away keys and a home directory of its own for root.
///
/// It is a child process, ended by its id; should the tests die, it sees its standard input close and ends too.
final class SSHServer: Sendable {
    let scratch: Scratch
    let port: UInt16
    /// The private key whose public half may log in.
    let userKey: String
    private let hostKeys: [String]

    /// Starts a server, does something with it, ends it.
    ///
    /// - Parameters:
    ///   - lines: For sshd_config, before the usual ones; the first of two wins.
    ///   - hostKeys: The types of its keys.
    ///   - body: What to do.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, or why sshd did not start.
    static func with<Result: Sendable>(
        _ lines: [String] = [],
        hostKeys: [String] = ["ed25519", "ecdsa"],
        _ body: (SSHServer) async throws -> Result
    ) async throws -> Result {
        try await Seats.shared.whileSeated { try await serve(lines, hostKeys, body) }
    }

    private static func serve<Result: Sendable>(
        _ lines: [String],
        _ hostKeys: [String],
        _ body: (SSHServer) async throws -> Result
    ) async throws -> Result {
        let server = try await SSHServer(lines, hostKeys: hostKeys)
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        let watch = "exec 3<&0; \"$@\" 3<&- & s=$!; trap 'kill $s' TERM; { cat <&3 > /dev/null; kill $s; } & wait $s"
        let command = ["/usr/sbin/sshd", "-D", "-f", server.scratch.file("config"), "-E", server.scratch.file("log")]
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: Arguments(["-c", watch, "sshd"] + command),
            platformOptions: options,
            input: .inputWriter,
            output: .discarded,
            error: .discarded
        ) { execution in
            try await server.untilListening()
            let result = try await body(server)
            try await execution.standardInputWriter.finish()
            return result
        }
        return result.closureResult
    }

    private init(_ lines: [String], hostKeys: [String]) async throws {
        scratch = try Scratch()
        self.hostKeys = hostKeys
        port = try Ports.next()
        userKey = try await scratch.key("user")
        for type in hostKeys { try await scratch.key("host-\(type)", type: type) }
        try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        try scratch.write(scratch.read("user.pub"), to: "authorized", mode: 0o644)
        try scratch.write(knownHosts(), to: "known_hosts")
        let config =
            lines + [
                "Port \(port)", "ListenAddress 127.0.0.1", "AuthorizedKeysFile \(scratch.file("authorized"))",
                "StrictModes no", "UsePAM no", "PidFile \(scratch.file("pid"))", "PermitRootLogin yes",
                "LogLevel VERBOSE",
                "SetEnv HOME=\(home)", "PasswordAuthentication no",
            ] + hostKeys.map { "HostKey \(scratch.file("host-\($0)"))" }
        try scratch.write(config.joined(separator: "\n") + "\n", to: "config")
    }

    /// Root's home directory in its sessions.
    var home: String { scratch.file("home") }

    /// The name under which it stands in known_hosts.
    var name: String { "[127.0.0.1]:\(port)" }

    /// One `TYPE BASE64` of its keys.
    func hostKeyText(_ type: String) -> String {
        scratch.read("host-\(type).pub").split(separator: " ").prefix(2).joined(separator: " ")
    }

    func hostKey(_ type: String) throws -> HostKey {
        let words = hostKeyText(type).split(separator: " ")
        let blob = try #require(words.last.flatMap { Data(base64Encoded: String($0)) })
        return try #require(HostKey(blob: Array(blob)))
    }

    /// All its keys under its name.
    func knownHosts() -> String { hostKeys.map { "\(name) \(hostKeyText($0))\n" }.joined() }

    /// Lets further keys log in.
    func authorize(_ keys: String...) throws {
        let lines = try keys.map { try String(contentsOfFile: $0 + ".pub", encoding: .utf8) }
        try scratch.write(scratch.read("authorized") + lines.joined(), to: "authorized", mode: 0o644)
    }

    /// Replaces what may log in.
    func authorizeOnly(_ key: String) throws {
        try scratch.write(String(contentsOfFile: key + ".pub", encoding: .utf8), to: "authorized", mode: 0o644)
    }

    /// Adds lines to sshd_config and lets the server read it again.
    func reconfigure(adding lines: [String]) async throws {
        try scratch.write(lines.joined(separator: "\n") + "\n" + scratch.read("config"), to: "config")
        let pid = try #require(scratch.read("pid").split(separator: "\n").first)
        try await tool("kill", ["-HUP", String(pid)])
        while log.components(separatedBy: "Server listening on").count < 3 {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    var log: String { scratch.read("log") }

    func endpoint(_ transport: SSHEndpoint.TransportChoice = .auto) -> SSHEndpoint {
        SSHEndpoint(
            name: "host",
            address: "127.0.0.1",
            port: port,
            user: "root",
            identityFiles: [userKey],
            useAgent: false,
            knownHostsFiles: [scratch.file("known_hosts")],
            transport: transport,
            honourSSHConfig: false,
            connectTimeout: .seconds(20)
        )
    }

    private func untilListening() async throws {
        for _ in 0..<1000 where !log.contains("Server listening on") {
            try #require(!log.contains("fatal") && !log.contains("error"), "\(log)")
            try await Task.sleep(for: .milliseconds(10))
        }
        try #require(log.contains("Server listening on"), "sshd does not start: \(log)")
    }
}
