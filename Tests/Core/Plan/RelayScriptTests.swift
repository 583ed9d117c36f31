import Foundation
import ProvisionCore
import Templates
import Testing

/// The relay's scripts, as hosts' shells run them.
@Suite struct RelayScriptTests {
    private static let token = String(repeating: "a1", count: 16)
    private static let content = "a program\n"
    private static let digest = SHA256Digest.hex(of: Array(content.utf8))

    /// What lies there while a listener is open.
    private static func lay(in directory: String) -> String {
        """
        mkdir -p \(directory); echo \(token) > \(directory)/token; printf 'a program\\n' > \(directory)/../program
        ln -s \(directory)/../program \(directory)/\(digest)
        cat > \(directory)/serve <<'EOF_PROVISION'
        \(RelayScript.serving(from: directory))
        EOF_PROVISION
        """
    }

    private func scratch() -> String { NSTemporaryDirectory() + "provision-relay-" + UUID().uuidString }

    /// What is said, and what comes back.
    private static let requests: [(String, String)] = [
        ("\(token) \(digest)", "a program"), ("\(token) \(digest.uppercased())", ""), ("\(token) \(digest)0", ""),
        ("\(token.replacing("a", with: "b")) \(digest)", ""), (" \(digest)", ""), (token, ""), ("", ""),
        ("\(token) \(String(repeating: "../", count: 18))etc/passwd", ""),
        ("\(token) \(String(repeating: "0", count: 64))", ""),
    ]

    @Test(arguments: requests)
    func `only who says the token is sent a file, and only one that is proven`(_ line: String, _ sent: String) throws {
        let directory = scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = "\(Self.lay(in: directory + "/relay"))\nprintf '%s\\n' '\(line)' | sh \(directory)/relay/serve\n"
        #expect(try LocalShell.run(script).text == sent)
    }

    @Test func `where the token was lost nobody is served`() throws {
        let directory = scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let lost = "\(Self.lay(in: directory + "/relay"))\n: > \(directory)/relay/token\n"
        #expect(try LocalShell.run(lost + "echo ' \(Self.digest)' | sh \(directory)/relay/serve\n").text == "")
    }

    private struct Opened {
        var words: String
        /// What systemd's tools were asked for.
        var log: [String]
    }

    /// Opens a listener where `systemd-run` is a shell script, and one port of two is taken.
    private func open(in directory: String, _ systemdRun: String) throws -> Opened {
        let script = RelayScript.opening(
            nonce: "n0nce",
            address: "127.0.0.1",
            ports: [20_001, 20_002],
            token: Secret(Self.token),
            files: [Self.digest: "/srv/a b"],
            directory: "\(directory)/relay"
        )
        let tools = [
            "systemctl": "echo \"systemctl $*\" >> \(directory)/log; [ \"$1\" != -q ] || [ -e \(directory)/up ]",
            "systemd-run": systemdRun, "systemd-socket-activate": "false",
        ]
        let stubs = tools.map { "printf '%s\\n' '#!/bin/sh' '\($0.value)' > \(directory)/bin/\($0.key)" }
        let edited = script.replacing("/proc/net/tcp /proc/net/tcp6", with: "\(directory)/tcp")
            .replacing("PATH=/usr", with: "PATH=\(directory)/bin:/usr")
        let text = """
            mkdir -p \(directory)/bin; : > \(directory)/log
            \(stubs.joined(separator: "\n"))
            chmod 755 \(directory)/bin/*
            printf '   0: 0100007F:4E21 00000000:0000 0A 0\\n' > \(directory)/tcp
            main() {
            \(edited)
            }
            main
            """
        let words = try LocalShell.run(text + "\n").text
        let log = try String(contentsOfFile: "\(directory)/log", encoding: .utf8)
        return Opened(words: words, log: log.split(separator: "\n").map(String.init))
    }

    @Test func `a listener takes the first free port, and ends by itself`() throws {
        let directory = scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let listens = """
            echo "systemd-run $*" >> \(directory)/log; : > \(directory)/up
            printf "   1: 0100007F:4E22 00000000:0000 0A 0\\n" >> \(directory)/tcp
            """
        let opened = try open(in: directory, listens)
        #expect(RelayScript.port(in: opened.words, nonce: "n0nce") == 20_002)
        let place = "\(directory)/relay"
        let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
        #expect(names == [Self.digest, "serve", "token"].sorted())
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(place)/\(Self.digest)") == "/srv/a b")
        #expect(try LocalShell.run("cd \(place); stat -c %a . serve token\n").text == "700\n600\n600")
        #expect(
            try String(contentsOfFile: "\(place)/serve", encoding: .utf8) == RelayScript.serving(from: place) + "\n"
        )
        let start = try #require(opened.log.first { $0.hasPrefix("systemd-run") })
        #expect(opened.log.first == "systemctl stop \(RelayScript.unit)")
        #expect(start.hasSuffix("--accept --inetd -l 127.0.0.1:20002 /bin/sh \(place)/serve"))
        #expect(start.contains("RuntimeMaxSec=900") && start.contains("ExecStopPost=/bin/rm -rf \(place)"))
        #expect(!start.contains(Self.token))
    }

    @Test(arguments: [
        ("echo Failed to connect to bus; exit 1", "Failed to connect to bus"),
        (":", "nothing can listen at 127.0.0.1"),
    ])
    func `where nothing listens it says why, and leaves nothing`(_ systemdRun: String, _ words: String) throws {
        let directory = scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let opened = try open(in: directory, systemdRun)
        #expect(opened.words == words)
        #expect(RelayScript.port(in: opened.words, nonce: "n0nce") == nil)
        #expect(!FileManager.default.fileExists(atPath: "\(directory)/relay"))
    }

    @Test func `only a line with the nonce tells a port`() {
        #expect(RelayScript.port(in: "n0nce port 20001\n", nonce: "n0nce") == 20_001)
        #expect(RelayScript.port(in: "other port 20001\nn0nce port\n", nonce: "n0nce") == nil)
    }

    @Test func `a link is made only beside a listener, and fails nothing`() throws {
        let directory = scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let link = RelayScript.linking("/srv/a b", sha256: "ab", in: directory)
        #expect(try LocalShell.run("set -e\n\(link)\necho on\n").text == "on")
        #expect(!FileManager.default.fileExists(atPath: directory))
        #expect(try LocalShell.run("set -e\nmkdir \(directory)\n\(link)\n\(link)\necho on\n").text == "on")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/ab") == "/srv/a b")
    }

    @Test func `who does not answer is said, and nothing comes`() throws {
        let text =
            "\(RelayScript.taking)\necho \(Self.token) | take 127.0.0.1 1 \(Self.digest) 10 > /dev/null || echo failed\n"
        let lines = try LocalShell.run(text).text.split(separator: "\n").map(String.init)
        #expect(lines.suffix(2) == ["127.0.0.1 port 1 does not answer", "failed"])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/systemd-socket-activate")))
    func `a file goes from a listener to who takes it`() throws {
        let directory = scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let port = Int.random(in: RelayScript.ports)
        let take = "take 127.0.0.1 \(port) \(Self.digest) \(Self.content.utf8.count)"
        let script = """
            \(Self.lay(in: directory + "/relay"))
            \(RelayScript.taking)
            systemd-socket-activate --accept --inetd -l 127.0.0.1:\(port) /bin/sh \(directory)/relay/serve > /dev/null 2>&1 &
            trap "kill $!" EXIT
            i=0; until grep -q "$(printf ':%04X 0*:0000 0A' \(port))" /proc/net/tcp || [ $i = 100 ]; do sleep 0.05; i=$((i + 1)); done
            echo \(Self.token) | \(take)
            echo \(Self.token.replacing("a", with: "b")) | \(take)
            echo end
            """
        #expect(try LocalShell.run(script + "\n").text == Self.content + "end")
    }
}
