import ProvisionCore
import Templates
import Testing

@Suite struct FileResourceTests {
    private static let hash = SHA256Digest.hex(of: Array("one\n".utf8))
    private let resource = FileResource(
        RenderedFile(path: "/etc/a", text: "one\n", mode: 0o640, owner: "etcd", group: "etcd"),
        reason: "a test"
    )

    @Test(arguments: [
        ("file 640 etcd:etcd 4 \(hash)", "same: content, mode and owner are as wanted"),
        ("absent", "change: is missing -> create /etc/a"),
        ("directory 755 root:root 4096", "change: is not a regular file -> create /etc/a"),
        ("symbolic-link 777 root:root 5", "change: is not a regular file -> create /etc/a"),
        ("file 640 etcd:etcd 4 -", "change: content differs -> update /etc/a"),
        ("file 640 etcd:etcd 4 0000", "change: content differs -> update /etc/a"),
        (
            "file 640 etcd:etcd 4 0000 edited",
            "change: was edited by hand since it was written -> update /etc/a"
        ),
        ("file 640 etcd:etcd 4 \(hash) edited", "same: content, mode and owner are as wanted"),
        (
            "file 644 etcd:etcd 4 \(hash)",
            "change: is 644 etcd:etcd, must be 640 etcd:etcd -> set mode and owner of /etc/a"
        ),
        (
            "file 640 root:root 4 \(hash)",
            "change: is 640 root:root, must be 640 etcd:etcd -> set mode and owner of /etc/a"
        ),
        ("no answer came", "change: is not a regular file -> create /etc/a"),
    ])
    func `an answer gives its verdict`(_ answer: String, _ outline: String) {
        #expect(resource.outline(answer) == outline)
    }

    @Test func `the content travels with its digest, owner and mode`() {
        #expect(
            resource.scripts("absent") == [
                "put /etc/a 640 etcd:etcd \(Self.hash) <<'EOF_PROVISION'\none\nEOF_PROVISION"
            ]
        )
    }

    @Test func `a validator is asked before the old file goes`() {
        let checked = FileResource(resource.file, reason: "", validator: ["haproxy", "-c", "-f"])
        #expect(checked.scripts("absent")[0].hasPrefix("put /etc/a 640 etcd:etcd \(Self.hash) haproxy -c -f <<"))
    }

    @Test func `a path is one word of the script`() {
        let odd = FileResource(RenderedFile(path: "/etc/a b'; reboot", text: "x\n"), reason: "")
        #expect(odd.scripts("absent")[0].hasPrefix(#"put '/etc/a b'\''; reboot' 644"#))
    }

    @Test(arguments: ["no newline at the end", "EOF_PROVISION\n", "a carriage return\r\n", "nul \0\n"])
    func `content that a here-document would change goes as base64`(_ text: String) {
        let resource = FileResource(RenderedFile(path: "/etc/a", text: text), reason: "")
        #expect(resource.scripts("absent")[0].hasPrefix("base64 -d <<'EOF_PROVISION' | put /etc/a"))
    }

    @Test func `only the content makes the digest`() {
        let other = FileResource(RenderedFile(path: "/etc/b", text: "one\n"), reason: "another")
        #expect(other.digest == resource.digest && other.id == "file:/etc/b")
    }

    @Test func `a certificate follows its key, and not the key's mode`() {
        let key = FileResource(RenderedFile(path: "/etc/a.key", text: "k\n", mode: 0o600), reason: "", part: .key)
        let part = FileResource.PairPart.certificate(key: "/etc/a.key", keyDigest: key.digest)
        let certificate = FileResource(RenderedFile(path: "/etc/a.crt", text: "c\n"), reason: "", part: part)
        let wanted = "file 644 root:root 2 \(certificate.digest)"
        func marks(_ answer: String) -> Set<String> {
            key.marks(of: key.verdict(for: .init(text: answer), changed: []))
        }
        #expect(
            certificate.outline(wanted, changed: marks("absent")).hasPrefix("change: changes together with its key")
        )
        #expect(certificate.outline(wanted, changed: marks("file 644 root:root 2 \(key.digest)")).hasPrefix("same"))
        #expect(key.scripts("absent")[0].hasPrefix("hold /etc/a.key 600 root:root"))
        #expect(certificate.scripts("absent")[0].contains("/etc/a.key \(key.digest)"))
    }
}
