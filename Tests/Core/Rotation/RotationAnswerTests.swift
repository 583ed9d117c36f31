import Foundation
import ProvisionCore
import Templates
import Testing

/// What scripts make of the answers of a cluster, and of none at all.
@Suite struct RotationAnswerTests {
    /// A script keeps what it asked for in a directory of this test's own, `$here`.
    private func run(_ script: String, standIns: String) throws -> (status: Int32, text: String) {
        let here = NSTemporaryDirectory() + "provision-rotation-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: here, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: here) }
        let snippet = script.replacing("/run/provision", with: here)
        let calm = "await() { shift 2; \"$@\"; }\nsleep() { :; }"
        return try LocalShell.run(snippet, standIns: "here=\(here)\n\(calm)\n\(standIns)")
    }

    private static let asking = RotationScriptTests.scripts.filter {
        !["mountedBundles", "mountedTokens", "lookup"].contains($0.0)
    }

    @Test(arguments: asking)
    func `a question that nobody answers has no good end`(_ name: String, _ script: String) throws {
        let silence = "kc() { echo 'nobody answers' >&2; return 1; }\netcdctl() { kc; }"
        let answer = try run(script, standIns: silence)
        #expect(answer.status != 0 && answer.text.contains("nobody answers"), "\(name): \(answer.text)")
    }

    @Test(arguments: [
        RotationScripts.mountedBundles(wanted: ["aa"], unwanted: [], seconds: 0, in: "/no/such/pods"),
        RotationScripts.mountedTokens(of: ["old"], in: "/no/such/pods"),
    ])
    func `a kubelet whose pods are elsewhere is not one without pods`(_ script: String) throws {
        #expect(try run(script, standIns: "").status != 0)
    }

    /// A page of etcd's answer, as `-w fields` writes it.
    private static func page(_ secrets: [(name: String, value: String)], end: String) -> String {
        secrets.map { "\"Key\" : \"/registry/secrets/a/\($0.name)\"\n\"Value\" : \"\($0.value)\"\n" }.joined() + end
    }

    /// The second page begins with the last Secret of the first.
    private func encrypted(last: String, end: String) throws -> (status: Int32, text: String) {
        let right = #"k8s:enc:secretbox:v1:key2:\x00"#
        let first = Self.page([("one", right), ("two", right)], end: "\"More\" : true\n\"Count\" : 3\n")
        let second = Self.page([("two", right), ("three", last)], end: end)
        let etcdctl = """
            etcdctl() { case "$*" in *' get /registry/secrets/ '*) cat <<'E'
            \(first)E
            ;; *) cat <<'E'
            \(second)E
            ;; esac; }
            """
        let script = RotationScripts.encryptedWith(provider: "secretbox", key: "key2", address: "10.0.0.1")
        return try run(script, standIns: etcdctl)
    }

    @Test(arguments: [
        (#"k8s:enc:secretbox:v1:key2:\x00"#, "3 secrets, 3 under key2"),
        (#"k8s:enc:secretbox:v1:key1:\x00"#, "3 secrets, 2 under key2\nnot under it: /registry/secrets/a/three"),
        (#"k8s\x00\nk8s:enc:secretbox:v1:key2:"#, "3 secrets, 2 under key2\nnot under it: /registry/secrets/a/three"),
    ])
    func `every Secret of every page must begin with the key's prefix`(_ last: String, _ words: String) throws {
        let answer = try encrypted(last: last, end: "\"More\" : false\n\"Count\" : 2\n")
        #expect(answer.text == words && (answer.status == 0) == !words.contains("not under it"))
    }

    @Test func `a page that was cut off is none`() throws {
        let answer = try encrypted(last: #"k8s:enc:secretbox:v1:key2:\x00"#, end: "")
        #expect(answer.status != 0 && answer.text == "the answer of etcd has no end")
    }

    @Test(arguments: [
        ("[ -e $here/tried ] || { : > $here/tried; return 1; }", 0, "two"),
        ("echo 'it was modified' >&2; return 1", 1, "a/two: it was modified"),
    ])
    func `of a namespace only what changed is written again, and what is gone is let go`(
        _ conflict: String,
        _ status: Int32,
        _ words: String
    ) throws {
        let kc = """
            kc() { case "$*" in
            '-n a get secrets -o name') printf 'secret/one\\nsecret/two\\nsecret/gone\\n';;
            '-n a get secrets -o json') echo all;;
            'replace -f - -o name') cat > /dev/null; echo secret/one; return 1;;
            '-n a get secret/two -o json') echo two;;
            'replace -f -') read -r x || return 1; \(conflict); echo $x >> $here/written;;
            '-n a get secret/two --ignore-not-found -o name') echo secret/two;;
            '-n a get secret/gone -o json') return 1;;
            esac; }
            """
        let turn = try #require(SecretTurn.all(in: "secrets a 3").first)
        let script = RotationScripts.rewriteSecrets(turn) + "\ncat $here/written"
        let answer = try run(script, standIns: kc)
        #expect(answer.status == status && answer.text == words)
    }

    @Test func `namespaces are rewritten in turns, the largest alone`() {
        let words = "secrets a 300\nsecrets b 200\nsecrets c 1\nsecrets d 9000\nsecrets e 1\nnoise\nsecrets f x"
        let turns = SecretTurn.all(in: words)
        #expect(turns.map(\.namespaces) == [["a", "b"], ["c"], ["d"], ["e"]])
        #expect(turns.map(\.secrets) == [500, 1, 9000, 1] && turns[2].seconds > turns[0].seconds)
        #expect(SecretTurn.all(in: "") == [])
    }

    /// The token is of the key whose header is `old`.
    private func deleted(_ name: String, isListed: Bool, isMarked: Bool) throws -> (status: Int32, text: String) {
        let token = Base64.encode(Array("old.p.s".utf8))
        let kc = """
            kc() { case "$*" in
            'get secrets '*) echo 'c|\(name)|ci|\(isMarked ? "2cbf7" : "")|\(token)';;
            'get serviceaccounts '*) echo 'c ci pull\(isListed ? " \(name)" : "")';;
            '-n c delete secret '*) echo "$5" >> $here/deleted;;
            esac; }
            """
        return try run(RotationScripts.deleteOldTokens(header: "new") + "\ncat $here/deleted", standIns: kc)
    }

    private static let digest = String(SHA256Digest.hex(of: Array("old".utf8)).prefix(5))

    @Test(arguments: [
        ("ci-token-bcdfg", true, false), ("ci-token-bcdfg", false, true), ("ci-token-\(digest)", true, false),
    ])
    func `what Kubernetes or a rotation made goes with its key`(
        _ name: String,
        _ isListed: Bool,
        _ isMarked: Bool
    ) throws {
        let answer = try deleted(name, isListed: isListed, isMarked: isMarked)
        #expect(answer.status == 0 && answer.text == name)
    }

    @Test(arguments: [
        ("ci-token-bcdfg", false), ("ci-token-12345", false), ("ci-token-12345", true), ("ci-token-\(digest)", false),
        ("made-by-hand", true),
    ])
    func `what people may have made is never deleted`(_ name: String, _ isListed: Bool) throws {
        let answer = try deleted(name, isListed: isListed, isMarked: false)
        #expect(answer.status != 0 && answer.text.contains("still of the old key: c/\(name)"))
    }

    @Test func `a token is found by what it is, whatever a pod calls it`() throws {
        let pods = URL(filePath: NSTemporaryDirectory()).appending(path: "provision-pods-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: pods) }
        let files = [
            ("u1/volumes/kubernetes.io~projected/api/..2026/token", "old.p.s"),
            ("u2/volumes/kubernetes.io~projected/vault/..2026/deep/vault-token", "old.p.s"),
            ("u3/volumes/kubernetes.io~projected/api/..2026/token", "new.p.s"),
            ("u4/volumes/kubernetes.io~empty-dir/cache/token", "old.p.s"),
            ("u5/volumes/kubernetes.io~secret/s/..2026/kubeconfig", "token: old.p.s"),
            ("u6/volumes/kubernetes.io~secret/s/..2026/token", "older.p.s"),
        ]
        for (path, text) in files {
            let file = pods.appending(path: path)
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let found = try run(RotationScripts.mountedTokens(of: ["old"], in: pods.path), standIns: "")
        #expect(found.status == 0 && found.text == "pod u1\npod u2")
    }
}
