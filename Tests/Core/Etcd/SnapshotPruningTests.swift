import Foundation
import Testing

@testable import ProvisionCore

@Suite struct SnapshotPruningTests {
    /// The older first.
    private static let kept = [
        "20260101T000000Z-before-upgrade.db", "before-removal-of-controller-1.db", "ca-20260103T000000Z-n1a2b.db",
        "etcd-ca-20260104T000000Z-n1a2b.db", "20260105T000000Z-before-upgrade.db", "all-20260106T000000Z-n1a2b.db",
    ]
    private static let foreign = [
        "mine.db", "x-before-upgrade.db", "restore-20260101T000000Z.db", "notes.txt",
        "my-backup-20260101T000000Z-prod1.db", "my-ca-20260103T000000Z-n1a2b.db", "ca-20260103T000000Z-a1b2c.db",
        "before-removal-of-c1.keep.db", "all-20260106T000000Z-n1a2b.db.bak",
    ]
    private static let ages = Date(timeIntervalSince1970: 1_700_000_000)

    /// What is left of a directory, the first file the oldest, once a script ran there.
    private static func left(
        _ files: [String],
        since start: Date = SnapshotPruningTests.ages,
        _ script: String
    ) throws -> Set<String> {
        let directory = NSTemporaryDirectory() + "provision-snapshots-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (index, name) in files.enumerated() {
            let time = start.addingTimeInterval(TimeInterval(index))
            let path = "\(directory)/\(name)"
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.modificationDate: time])
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        }
        let answer = try LocalShell.run("d=\(directory)\n\(script)")
        #expect(answer.status == 0 && answer.text.isEmpty, "\(answer.text)")
        return Set(try FileManager.default.contentsOfDirectory(atPath: directory))
    }

    private static func pruning(after made: String) -> String { "f=$d/\(made)\n\(SnapshotPruning.script)" }

    @Test func `the newest stay with the one just made, whatever its clock says, and only ours go`() throws {
        let made = "before-removal-of-worker.db"
        let sums = ["\(Self.kept[0]).sha256", "\(Self.kept[4]).sha256"]
        let left = try Self.left([made] + Self.foreign + Self.kept + sums, Self.pruning(after: made))
        #expect(left == Set([made, sums[1]] + Self.foreign + Self.kept.suffix(SnapshotPruning.kept - 1)))
    }

    @Test func `few stay all, and young ones as many as there are`() throws {
        let few = Array(Self.kept.prefix(5))
        #expect(try Self.left(few, Self.pruning(after: few[4])) == Set(few))
        let recent = Date().addingTimeInterval(-TimeInterval(SnapshotPruning.days) * 86_400 + 3_600)
        #expect(try Self.left(Self.kept, since: recent, Self.pruning(after: "new.db")) == Set(Self.kept))
    }

    @Test(arguments: ["service-account", "encryption-key", "front-proxy-ca", "ca", "etcd-ca", "all", "roots"])
    func `every rotation's grows old`(_ rotation: String) throws {
        let old = "\(rotation)-20250101T000000Z-n1a2b.db"
        #expect(try Self.left([old] + Self.kept.suffix(5), Self.pruning(after: "x.db")).contains(old) == false)
    }

    @Test func `that of a rotation which soaks for weeks outlasts the younger ones`() throws {
        let soaking = ["ca-20250101T000000Z-n1a2b.db", "etcd-ca-20250201T000000Z-n1a2b.db"]
        let younger = (1...6).map { "2025030\($0)T000000Z-before-upgrade.db" }
        let left = try Self.left(soaking + younger, Self.pruning(after: "x.db"))
        #expect(left == Set(soaking.suffix(1) + younger.suffix(SnapshotPruning.kept - 1)))
    }

    @Test func `what a killed run left goes after an hour, and makes none of the others go`() throws {
        let killed = [
            "fetch-20260101T000000Z-n1a2b.db", "fetch-20260101T000000Z-n1a2b.db.provision-tmp.part",
            "20260101T000000Z-before-upgrade.db.provision-tmp", "ca-20260103T000000Z-n1a2b.db.provision-tmp.part",
        ]
        let others = Self.kept + Self.foreign + ["fetch-mine.db", "mine.db.provision-tmp"]
        #expect(try Self.left(killed + others, SnapshotPruning.leftovers) == Set(others))
        let now = Date().addingTimeInterval(-600)
        #expect(try Self.left(killed, since: now, SnapshotPruning.leftovers) == Set(killed))
        #expect(try Self.left(killed, Self.pruning(after: "x.db")) == Set(killed))
    }

    private static func scripts() throws -> EtcdScripts {
        let host = try #require(try MembershipFixtures.lab().hosts(.etcd).first)
        return EtcdScripts(host: host, dataDirectory: "/var/lib/etcd")
    }

    @Test func `one that is only fetched makes nobody go`() throws {
        let scripts = try Self.scripts()
        #expect(scripts.snapshot(named: "a").hasSuffix(SnapshotPruning.script))
        #expect(!scripts.snapshot(named: "a", stays: false).contains("rm -f \"$d/$o\""))
        #expect(try LocalShell.reads(scripts.snapshot(named: "a")))
    }

    /// Space in kB, what saving does, the proof of what was saved, and the words of the failure.
    private static let failures: [(Int, String, String, String)] = [
        (5, "return 1", "{}", "may need 4"), (99_999_999, "echo full; return 1", "{}", "full"),
        (99_999_999, ":> \"$f\"", "", "cannot be read"),
    ]

    @Test(arguments: failures)
    func `a good one stays where its successor comes to nothing`(
        _ space: Int,
        _ saving: String,
        _ proof: String,
        _ words: String
    ) throws {
        let directory = NSTemporaryDirectory() + "provision-saving-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: "\(directory)/snapshots", withIntermediateDirectories: true)
        try Data("good".utf8).write(to: URL(fileURLWithPath: "\(directory)/snapshots/a.db"))
        let standIns = """
            S=\(directory); du() { echo 4; }; df() { printf 'head\\n- - - \(space) -\\n'; }
            timeout() { echo '\(proof)'; }
            etcdctl() { for f in "$@"; do :; done; \(saving); }
            """
        let answer = try LocalShell.run(try Self.scripts().snapshot(named: "a"), standIns: standIns)
        #expect(answer.status != 0 && answer.text.contains(words), "\(answer.text)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory)/snapshots") == ["a.db"])
        #expect(try String(contentsOfFile: "\(directory)/snapshots/a.db", encoding: .utf8) == "good")
    }
}
