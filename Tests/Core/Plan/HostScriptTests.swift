import ProvisionCore
import Templates
import Testing

@Suite struct HostScriptTests {
    private let script = HostScript(nonce: "n0nce")
    private let action = Action(kind: .run, title: "write", script: "echo hello > /srv/a")

    private func file(_ path: String) -> FileResource {
        FileResource(RenderedFile(path: path, text: "x\n"), reason: "")
    }

    @Test func `everything lies in a function that the last line calls`() {
        let lines = script.applying([action], thenProbing: [file("/etc/a")]).split(separator: "\n")
        #expect(lines.first == "main() {")
        #expect(lines.suffix(3) == ["echo 'n0nce end'", "}", "main"])
    }

    @Test func `each action stands between its own marks`() throws {
        let lines = script.applying([action, action], thenProbing: []).split(separator: "\n").map(String.init)
        let starts = lines.filter { $0.contains("n0nce start") }
        let ends = lines.filter { $0.contains("n0nce done") }
        #expect(starts.count == 2 && ends.count == 2)
        #expect(starts[1].hasPrefix("if [ $ok = 1 ]; then echo 'n0nce start 1'"))
        let first = try #require(lines.firstIndex(of: starts[0]))
        #expect(Array(lines[(first + 1)...(first + 2)]) == ["( set -e", "echo hello > /srv/a"])
    }

    @Test func `only acting takes the lock`() {
        #expect(script.applying([], thenProbing: []).contains("flock -w 120 9"))
        #expect(!script.probing([file("/etc/a")]).contains("flock"))
        #expect(!script.probing([file("/etc/a")]).contains("put()"))
    }

    @Test func `all files are read by one stat and one sha256sum`() {
        let text = script.probing([file("/etc/a"), file("/etc/b c"), file("/etc/it's")])
        #expect(text.contains(#"set -- '/etc/a' '/etc/b c' '/etc/it'\''s'"# + "\n"))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("sha256sum ") }.count == 1)
    }

    @Test func `probes are numbered in the order of the resources`() {
        let command = CommandResource(id: "c", title: "", reason: "", check: "id etcd", action: action)
        let text = script.probing([file("/etc/a"), command])
        #expect(text.contains("r=$( { id etcd\n} 2>&1 ); echo \"n0nce probe 1 $? \"$r\n"))
    }

    @Test func `a script that receives a file is one word of a command line`() {
        let upload = Action(kind: .upload, title: "", script: "receive '/opt/a b' 755 ab 5")
        let line = script.receiving(upload)
        #expect(line.hasPrefix("/bin/sh -c '") && line.hasSuffix("echo '\\''n0nce received'\\'''"))
        #expect(line.contains("set -e\nreceive '\\''/opt/a b'\\'' 755 ab 5\n"))
    }

    @Test func `a file that is sent on is linked by its digest behind its proof`() throws {
        let file = Action.Upload(localPath: "/a", size: 5, sha256: "ab")
        let upload = Action(kind: .upload, title: "", script: "receive /a 755 ab 5", upload: file, sharedPath: "/a")
        let alone = script.receiving(upload)
        #expect(!alone.contains(RelayScript.directory))
        let shared = script.receiving(upload, isShared: true)
        let proof = try #require(shared.firstRange(of: "\nreceive /a 755 ab 5\n"))
        let link = try #require(shared.firstRange(of: "ln -sfn /a \(RelayScript.directory)/ab"))
        let end = try #require(shared.firstRange(of: "n0nce received"))
        #expect(proof.upperBound < link.lowerBound && link.upperBound < end.lowerBound)
    }

    @Test func `a file that is taken from another host goes through the same proof`() throws {
        let file = Action.Upload(localPath: "/a", size: 5, sha256: "ab")
        let upload = Action(kind: .upload, title: "", script: "receive /a 755 ab 5", upload: file, sharedPath: "/a")
        let line = script.taking(upload, file, from: "192.0.2.1", port: 20_000)
        #expect(line.contains("\ntake 192.0.2.1 20000 ab 5 | {\nreceive /a 755 ab 5\n}\n"))
        #expect(try LocalShell.reads(line))
    }
}
