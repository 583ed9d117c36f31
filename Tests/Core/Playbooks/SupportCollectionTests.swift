import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct SupportCollectionTests {
    private static let key =
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB0123456789abcdefghijklmnopqrstuvwxyzABCDEF\nAAAA0123456789abcdefghijklmnopqrstuvwxyz012345678\n-----END EC PRIVATE KEY-----\n"

    private func collection(_ files: [String] = [], commands: [String: String] = [:]) throws -> SupportCollection {
        let list = files.map { "\n      - \($0)" }.joined()
        let named = commands.map { "\n      \($0.key): \($0.value)" }.joined()
        let playbook = try PlaybookFixtures.playbook(
            steps: "- collect:" + (files.isEmpty ? "" : "\n    files:" + list)
                + (commands.isEmpty ? "" : "\n    commands:" + named)
        )
        guard case .collect(let collection) = playbook.steps[0].kind else { throw CancellationError() }
        return collection
    }

    private func items(_ collection: SupportCollection) throws -> [SupportCollection.Item] {
        let output = try LocalShell.run("main() {\n\(collection.script(nonce: "n0"))\n}\nmain\n")
        let (items, isComplete) = SupportCollection.items(in: output.text, nonce: "n0")
        #expect(isComplete, "\(output.text)")
        return items
    }

    @Test func `files, patterns and output come back; keys stay where they are`() throws {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "provision-support-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("a.conf", "plain\n"), ("b.conf", Self.key), ("c.key", "x"), ("my token", "x")] {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let found = try items(
            collection(["\(folder.path)/*", "/nowhere/*"], commands: ["words": "echo one two; exit 3"])
        )
        let text = found.map {
            "\($0.name.split(separator: "/").last ?? "") \($0.leftOut ?? String(decoding: $0.content, as: UTF8.self))"
        }
        #expect(
            text == [
                "a.conf plain\n", "b.conf it holds a private key", "c.key its name says that it holds a secret",
                "my_token its name says that it holds a secret", "words.txt one two\n",
            ]
        )
    }

    @Test func `a host chooses no path on this machine`() {
        let output = "n0 item files/../../etc/passwd\n\(Base64.encode(Array("x".utf8)))\nn0 end\nn0 complete\n"
        #expect(SupportCollection.items(in: output, nonce: "n0").items.map(\.name) == ["files/etc/passwd"])
        #expect(!SupportCollection.items(in: "n0 item a\n", nonce: "n0").isComplete)
    }

    @Test func `an archive is one that tar reads`() throws {
        var archive = TarArchive()
        let long = String(repeating: "long/", count: 30) + "name"
        for (name, text) in [("host/a", "one\n"), (long, String(repeating: "x", count: 513)), ("empty", "")] {
            archive.add(name, Array(text.utf8))
        }
        let path = NSTemporaryDirectory() + "provision-" + UUID().uuidString + ".tar"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(archive.bytes).write(to: URL(filePath: path))
        let listed = try LocalShell.run("tar -tf \(path); tar -xOf \(path) \(long) | wc -c; tar -xOf \(path) host/a")
        #expect(listed.text == "host/a\n\(long)\nempty\n513\none", "\(listed.text)")
    }

    private let redaction = Redaction(secrets: [Secret(Array(key.utf8)), Secret([UInt8](0..<32))])

    @Test(arguments: [
        ("before\n\(key)after", "before\n[redacted]\nafter"),
        ("a \(key.replacing("\n", with: "\\n")) b", "a [redacted]"),
        ("MHcCAQEEIB0123456789abcdefghijklmnopqrstuvwxyzABCDEF", "[redacted]"),
        ("  secret: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "  secret: [redacted]"),
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "[redacted]"),
        ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "[redacted]"),
        ("client-key-data: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IY0NBUUVF", "client-key-data: [redacted]"),
        ("data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlF end", "data: [redacted] end"),
        ("token: eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJrIn0.c2ln", "token: [redacted]"),
        ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer [redacted]"),
        ("--token=abcdef.0123456789abcdef --v=2", "--token=[redacted] --v=2"),
        ("\"password\": \"hunter22\", \"x\": 1", "\"password\": \"[redacted]\", \"x\": 1"),
        ("  auth_pass swordfish", "  auth_pass [redacted]"),
        ("https://user:secret1@mirror.example.org/x", "https://user:[redacted]@mirror.example.org/x"),
        ("join abcdef.0123456789abcdef now", "join [redacted] now"),
    ])
    func `secrets go`(_ text: String, _ clean: String) {
        let result = redaction.redact(text)
        #expect(result.text == clean)
        #expect(result.count >= 1)
    }

    @Test(arguments: [
        "--token-auth-file=/etc/kubernetes/tokens.csv", "tokenReviews: 3", "secretName: web-tls",
        "--encryption-provider-config=/etc/kubernetes/encryption.yaml", "client-key: /etc/kubernetes/pki/admin.key",
        "automountServiceAccountToken: false", "GET /api/v1/namespaces/default/secrets 200", "10.200.0.5:8080",
        "-----BEGIN CERTIFICATE-----\nMIIB0123456789\n-----END CERTIFICATE-----", "keys:\n- name: key1",
    ])
    func `what is no secret stays`(_ text: String) {
        #expect(redaction.redact(text).text == text)
    }
}
