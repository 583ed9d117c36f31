import Foundation
import ProvisionCore
import Testing

@Suite struct BackupTests {
    private static func tar(_ files: [(String, [UInt8])]) -> [UInt8] {
        files.flatMap { name, content -> [UInt8] in
            let header = TarHeader(name: name, size: content.count, modified: 1_800_000_000)
            return header.bytes + content + [UInt8](repeating: 0, count: header.padding)
        } + TarHeader.trailer
    }

    private static let files: [(String, [UInt8])] = [
        ("manifest.json", Array("{}".utf8)), ("empty", []),
        ("store/pki/etcd-ca/ca.key", [UInt8](repeating: 7, count: 512)),
        ("etcd.db", [UInt8](repeating: 9, count: 1300)),
    ]

    /// In pieces of any size.
    private static func read(_ bytes: [UInt8], piece: Int) throws -> (files: [String: [UInt8]], isComplete: Bool) {
        var reader = TarReader()
        var found: [String: [UInt8]] = [:]
        var name = ""
        for start in stride(from: 0, to: bytes.count, by: piece) {
            for event in try reader.push(Array(bytes[start..<min(start + piece, bytes.count)])) {
                switch event {
                case .file(let header): (name, found[header.name]) = (header.name, [])
                case .data(let part): found[name]? += part
                case .end: break
                }
            }
        }
        return (found, reader.isComplete)
    }

    @Test(arguments: [1, 7, 512, 1000, 100_000]) func `a tar archive is taken apart however it comes`(piece: Int) throws
    {
        let (found, isComplete) = try Self.read(Self.tar(Self.files), piece: piece)
        #expect(isComplete)
        #expect(found == Dictionary(uniqueKeysWithValues: Self.files))
    }

    @Test func `what an operator's machine needs lies beside its inventory, and nothing leads out`() {
        let names = [
            "inventory.yaml", "provision.lock", "etcd.db", "store/kubernetes-ca/ca.key", "named/tokens.csv",
            "named/playbooks/hook.yaml", "named/../../etc/passwd", "named//etc/passwd",
        ]
        #expect(
            BackupManifest.Name.carried(among: names).map(\.path)
                == ["inventory.yaml", "provision.lock", "tokens.csv", "playbooks/hook.yaml"]
        )
    }

    @Test func `tar itself reads it`() throws {
        let path = NSTemporaryDirectory() + "provision-tar-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(Self.tar(Self.files)).write(to: URL(fileURLWithPath: path))
        let listed = try LocalShell.run("tar -tvf '\(path)'; tar -xOf '\(path)' etcd.db | wc -c")
        #expect(listed.status == 0)
        #expect(
            listed.text.split(separator: "\n").count == 5 && listed.text.contains("-rw------- 0/0"),
            "\(listed.text)"
        )
        #expect(listed.text.contains("1300"))
    }

    @Test func `a damaged or cut archive is known as one`() throws {
        var bytes = Self.tar(Self.files)
        #expect(try !Self.read(Array(bytes.dropLast(1024)), piece: 512).isComplete)
        bytes[3] ^= 1
        #expect(throws: TarReader.Damaged.self) { try Self.read(bytes, piece: 512) }
    }

    @Test func `a name says when, of what and how far`() {
        let id = "7f3c1f0e-0000-4000-8000-000000000001"
        let name = BackupName(cluster: "the-hard-way", clusterID: id, time: "20261125T024000Z", revision: 1234)
        #expect(name.file == "the-hard-way.7f3c1f0e-20261125T024000Z-r1234.backup")
        #expect(BackupName(file: name.file) == name)
        let old = BackupName(cluster: "a-7f3c1f0e", clusterID: nil, time: "20261125T024000Z", revision: 1)
        #expect(old.file == "a-7f3c1f0e-20261125T024000Z-r1.backup" && BackupName(file: old.file) == old)
        #expect(name.timestamp == "2026-11-25T02:40:00Z")
        #expect(BackupName(file: "notes.backup") == nil)
    }

    @Test func `a retention keeps the newest of one cluster, and all of others with its name`() {
        func name(_ cluster: String, _ id: String?, day: Int) -> String {
            BackupName(cluster: cluster, clusterID: id, time: "2026112\(day)T024000Z", revision: day).file
        }
        let mine = (1...4).map { name("a", "7f3c1f0e-1", day: $0) }
        let others = [
            name("a-b", "7f3c1f0e-1", day: 1), name("a", "00000000-1", day: 1), name("a", nil, day: 1), "notes.txt",
        ]
        let expired = { BackupName.expired(mine + others, of: "a", clusterID: "7f3c1f0e-1", keep: $0) }
        #expect(expired(2) == [mine[1], mine[0]])
        #expect(expired(0).count == 3)
        #expect(expired(7) == [])
    }

    private static func manifest(_ files: [BackupManifest.File]) throws -> BackupManifest {
        BackupManifest(
            tool: "test",
            spec: try SamplePlan.spec("lab-debian.yaml"),
            clusterID: "c",
            created: "2026-11-25T02:40:00Z",
            member: "controller-0",
            snapshot: EtcdSnapshot(revision: 1, hash: 2, totalKeys: 3, totalSize: 4),
            files: files
        )
    }

    @Test func `every difference from the manifest is named`() throws {
        let manifest = try Self.manifest([
            .init(name: "a", size: 1, sha256: "x"), .init(name: "b", size: 1, sha256: "y"),
            .init(name: "c", size: 1, sha256: "z"),
        ])
        #expect(manifest.differences(from: manifest.files + [.init(name: "manifest.json", size: 9, sha256: "")]) == [])
        let found: [BackupManifest.File] = [
            .init(name: "a", size: 2, sha256: "x"), .init(name: "b", size: 1, sha256: "other"),
            .init(name: "d", size: 0, sha256: ""),
        ]
        #expect(
            manifest.differences(from: found)
                == ["a has 2 bytes, not 1", "b has another SHA-256", "c is missing", "d is not in the manifest"]
        )
    }

    private static let trial = SnapshotTrial(
        directory: "/tmp/a dir",
        snapshot: "/tmp/etcd.db",
        etcd: "/c/etcd",
        etcdctl: "/c/etcdctl",
        fileTool: "/c/etcdctl",
        ports: (23_790, 23_800),
        authority: "/t/ca.crt",
        certificate: "/t/leaf.crt",
        key: "/t/leaf.key"
    )

    @Test func `only a value that begins with a prefix lies under a key`() throws {
        let fields = #"""
            "Key" : "/registry/secrets/a/b\n\"Value\" : \"k8s:enc:aescbc:v1:key7:"
            "Value" : "k8s:enc:aescbc:v1:key1:\xff\n\nk8s:enc:aescbc:v1:key8:"
            "Value" : "k8s:enc:aescbc:v1:key1:\x00"
            "Value" : "k8s\x00\nk8s:enc:aescbc:v1:key9:"
            """#
        let count = try #require(Self.trial.script.split(separator: "\n").first { $0.contains("uniq -c") })
        let answer = try LocalShell.run("d=$(mktemp -d); cat > $d/values <<'V'\n\(fields)\nV\n\(count); rm -r $d")
        #expect(answer.text == "use 2 k8s:enc:aescbc:v1:key1:", "\(answer.text)")
    }

    @Test func `a trial's answers are read, and its script is one that the shell reads`() throws {
        let trial = Self.trial
        #expect(try LocalShell.reads(trial.script))
        #expect(
            try InventoryFixtures.matchesGolden(
                trial.script + "\n",
                InventoryFixtures.core.appending(path: "Golden/etcd/trial.sh")
            )
        )
        let answer = TrialAnswer(
            output: """
                file {"hash":17,"revision":2,"totalKey":5,"totalSize":20480}
                some words
                status [{"Status":{"header":{"member_id":3,"revision":2}}}]
                keys 12
                secrets {"kvs":[{"key":"L3JlZ2lzdHJ5L3NlY3JldHMvYS9i","value":"azhz"}]}
                complete
                """
        )
        #expect(answer.isComplete && answer.file?.hash == 17 && answer.status?.revision == 2 && answer.keys == 12)
        #expect(
            answer.secrets.first?.key == "/registry/secrets/a/b" && answer.secrets.first?.value == Array("k8s".utf8)
        )
        #expect(answer.words == ["some words"])
    }
}
