import Foundation
import ProvisionSSH
import Testing

@Suite struct KnownHostsTests {
    private static func key(_ type: String, _ seed: UInt8) throws -> HostKey {
        let name = Array(type.utf8)
        let blob = [0, 0, 0, UInt8(name.count)] + name + Array(repeating: seed, count: 32)
        return try #require(HostKey(blob: blob))
    }

    private let ed25519: HostKey
    private let other: HostKey
    private let ecdsa: HostKey

    init() throws {
        ed25519 = try Self.key("ssh-ed25519", 1)
        other = try Self.key("ssh-ed25519", 2)
        ecdsa = try Self.key("ecdsa-sha2-nistp256", 3)
    }

    private func known(_ lines: String) -> KnownHosts {
        var known = KnownHosts()
        known.read(lines, file: "known_hosts")
        return known
    }

    private func line(_ hosts: String, _ key: HostKey, marker: String = "") -> String {
        "\(marker)\(hosts) \(key.type) \(key.base64) a comment\n"
    }

    @Test func `an entry is trusted at its own port only`() {
        let known = known(line("[127.0.0.1]:2222", ed25519))
        #expect(known.verdict(on: ed25519, host: "127.0.0.1", port: 2222) == .trusted(file: "known_hosts", line: 1))
        #expect(known.verdict(on: ed25519, host: "127.0.0.1", port: 22) == .unknown)
    }

    @Test func `another key is a change, and names the line`() {
        let known = known("# comment\n" + line("host", other))
        #expect(
            known.verdict(on: ed25519, host: "host", port: 22)
                == .changed(known: other.fingerprint, file: "known_hosts", line: 2)
        )
    }

    @Test func `a revoked key is refused even beside a trusting line`() {
        let known = known(line("host", ed25519) + line("*", ed25519, marker: "@revoked "))
        #expect(known.verdict(on: ed25519, host: "host", port: 22) == .revoked(file: "known_hosts", line: 2))
    }

    @Test(arguments: [
        ("10.0.0.*", true), ("10.0.?.1", true), ("10.0.1.*", false), ("*,!10.0.0.1", false),
        ("*.example,10.0.0.1", true),
    ])
    func `patterns match as in OpenSSH`(pattern: String, isTrusted: Bool) {
        let verdict = known(line(pattern, ed25519)).verdict(on: ed25519, host: "10.0.0.1", port: 22)
        #expect((verdict == .trusted(file: "known_hosts", line: 1)) == isTrusted)
    }

    @Test func `names and patterns count in the order of their lines, over all files`() {
        var all = known(line("*", other) + line("HOST,alias", ed25519))
        #expect(all.types(for: "alias", port: 22) == ["ssh-ed25519", "ssh-ed25519"])
        let changed = all.verdict(on: ecdsa, host: "host", port: 22)
        #expect(changed == .changed(known: other.fingerprint, file: "known_hosts", line: 1))
        var second = KnownHosts()
        second.read(line("host", ecdsa) + "garbage\n", file: "global")
        all.add(second)
        #expect(all.verdict(on: ecdsa, host: "host", port: 22) == .trusted(file: "global", line: 1))
        #expect(all.verdict(on: ed25519, host: "host", port: 22) == .trusted(file: "known_hosts", line: 2))
        #expect(all.malformed == ["global:2"])
    }

    @Test func `a damaged line hides no other`() {
        let known = known("garbage\nhost ssh-ed25519 !!!\n" + line("host", ed25519))
        #expect(known.verdict(on: ed25519, host: "host", port: 22) == .trusted(file: "known_hosts", line: 3))
        #expect(known.malformed == ["known_hosts:1", "known_hosts:2"])
    }

    @Test func `known types come first`() {
        let known = known(line("host", ecdsa) + line("other", ed25519))
        #expect(known.types(for: "host", port: 22) == ["ecdsa-sha2-nistp256"])
    }

    @Test func `an authority is no host key`() {
        let known = known(line("host", ed25519, marker: "@cert-authority "))
        #expect(known.verdict(on: ed25519, host: "host", port: 22) == .unknown)
    }
}
