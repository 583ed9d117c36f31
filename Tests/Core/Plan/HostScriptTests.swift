import Foundation
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
        #expect(text.split(separator: "\n").filter { $0.contains("$(sha256sum \"$@\"") }.count == 1)
    }

    @Test func `a file that holds what nobody of us wrote is said to be edited`() throws {
        let folder = NSTemporaryDirectory() + "provision-edits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = ["old", "new", "by hand", "mode", "absent"].map { file("\(folder)/\($0)") }
        let prepare = """
            mkdir -p \(folder)/state; cd \(folder)
            h() { printf '%s\\n' "$1" | sha256sum | cut -c1-64; }
            n() { printf '{"action":"%s","path":"%s","sha256":"%s","previous":""}\\n' "$1" "\(folder)/$2" "$3" >> state/receipt.jsonl; }
            for f in old new 'by hand' absent; do n created "$f" "$(h 1)"; n updated "$f" "$(h 2)"; done; n mode mode ''
            echo 1 > old; echo 2 > new; echo 3 > 'by hand'; echo 3 > mode

            """
        let look = script.probing(files).replacing("S=/var/lib/provision", with: "S=\(folder)/state")
        let text = try LocalShell.run(prepare + look).text
        #expect(text.split(separator: "\n").filter { $0.contains(" edited ") } == ["n0nce edited \(folder)/by hand"])
        let answers = HostAnswer(output: text, nonce: "n0nce", probed: files).answers
        #expect(answers.map { $0.words.last == "edited" } == [false, false, true, false, false])
        #expect(files[2].verdict(for: answers[2], changed: []).actions.count == 1)
    }

    @Test func `probes are numbered in the order of the resources`() {
        let command = CommandResource(id: "c", title: "", reason: "", check: "id etcd", action: action)
        let text = script.probing([file("/etc/a"), command])
        #expect(text.contains("r=$( { id etcd\n} 2>&1 ); echo \"n0nce probe 1 $? \"$r\n"))
    }

    /// What three questions to the API answer, and how many were asked, where each takes so many seconds and fails.
    private func ask(seconds: Int) throws -> (answers: [String], calls: Int) {
        let standIns = """
            F=$(mktemp -d); echo 0 > $F/time
            date() { echo $(($(cat $F/time) + \(seconds))) > $F/next; mv $F/next $F/time; cat $F/time; }
            timeout() { echo call >> $F/calls; echo refused >&2; return 1; }

            """
        let checks = [
            "kc get nodes", "o=$(kc get pods 2>&1) || { echo \"$o\"; return 3; }", "kc get nodes 2> /dev/null; true",
        ]
        let resources = checks.enumerated().map {
            CommandResource(id: "c\($0)", title: "", reason: "", check: $1, action: action)
        }
        // A shell cannot trap what its parent ignored.
        let shell = ["-c", "exec env --default-signal=USR1 /bin/sh -s"]
        let text = try LocalShell.run(standIns + script.probing(resources) + "wc -l < $F/calls; rm -r $F\n", shell).text
        let lines = text.split(separator: "\n").map(String.init)
        return (lines.filter { $0.contains(" probe ") }, Int(lines.last ?? "") ?? 0)
    }

    @Test func `an API that did not answer in time is asked once in a look`() throws {
        let (answers, calls) = try ask(seconds: 5)
        let words = "the API did not answer this host a moment ago"
        #expect(answers == ["n0nce probe 0 1 refused", "n0nce probe 1 3 \(words)", "n0nce probe 2 0 "])
        #expect(calls == 1)
        #expect(!script.applying([action], thenProbing: []).contains("deaf=no"), "what has acted may have to wait")
    }

    @Test func `one that refuses at once is asked every time`() throws {
        let (answers, calls) = try ask(seconds: 0)
        #expect(answers == ["n0nce probe 0 1 refused", "n0nce probe 1 3 refused", "n0nce probe 2 0 "] && calls == 3)
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
