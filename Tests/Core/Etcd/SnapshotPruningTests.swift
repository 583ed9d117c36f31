import Foundation
import Testing

@testable import ProvisionCore

@Suite struct SnapshotPruningTests {
    /// The older first.
    private static let kept = [
        "20260101T000000Z-before-upgrade.db", "before-removal-of-controller-1.db", "ca-20260103T000000Z-n1a2b.db",
        "etcd-ca-20260104T000000Z-n1a2b.db", "20260105T000000Z-before-upgrade.db", "all-20260106T000000Z-n1a2b.db",
    ]
    private static let foreign = ["mine.db", "x-before-upgrade.db", "restore-20260101T000000Z.db", "notes.txt"]

    /// What is left of a directory once a snapshot of this name was made.
    private static func left(_ files: [String], after made: String, proof: String = "{}") throws -> Set<String> {
        let directory = NSTemporaryDirectory() + "provision-snapshots-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (index, name) in files.enumerated() {
            let time = Date(timeIntervalSince1970: 1_700_000_000 + TimeInterval(index))
            let path = "\(directory)/\(name)"
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.modificationDate: time])
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
        }
        let script = "d=\(directory) f=$d/\(made) s='\(proof)'\n\(EtcdScripts.pruning)"
        let answer = try LocalShell.run(script)
        #expect(answer.status == 0 && answer.text.isEmpty, "\(answer.text)")
        return Set(try FileManager.default.contentsOfDirectory(atPath: directory))
    }

    @Test func `the newest stay with the one just made, whatever its clock says, and only ours go`() throws {
        let made = "before-removal-of-worker.db"
        let sums = ["\(Self.kept[0]).sha256", "\(Self.kept[4]).sha256"]
        let left = try Self.left([made] + Self.foreign + Self.kept + sums, after: made)
        #expect(left == Set([made, sums[1]] + Self.foreign + Self.kept.suffix(EtcdScripts.keptSnapshots - 1)))
    }

    @Test func `few stay all, and nothing goes for one that has no proof`() throws {
        let few = Array(Self.kept.prefix(5))
        #expect(try Self.left(few, after: few[4]) == Set(few))
        #expect(try Self.left(Self.kept, after: "new.db", proof: "") == Set(Self.kept))
    }

    @Test func `one that is only fetched makes nobody go`() throws {
        let host = try #require(try MembershipFixtures.lab().hosts(.etcd).first)
        let scripts = EtcdScripts(host: host, dataDirectory: "/var/lib/etcd")
        #expect(scripts.snapshot(named: "a").hasSuffix(EtcdScripts.pruning))
        #expect(!scripts.snapshot(named: "a", stays: false).contains("rm -f \"$d/$o\""))
        #expect(try LocalShell.reads(scripts.snapshot(named: "a")))
    }
}
