import Foundation
import Testing

/// What is done with etcd by hand, and the way back from the loss of its quorum; it leaves the cluster whole.
@Suite(.serialized, .enabled(if: TestCluster.runs("RecoveryTests"), "started by make cluster-test"))
struct RecoveryTests {
    private static let name = "kubernetes-the-hard-way"
    private static let lost = ["controller-1", "controller-2"]
    private let cluster: TestCluster

    init() throws { cluster = try #require(TestCluster.current) }

    private var folder: String { cluster.directory + "/backups" }

    private func kubectl(_ words: String) async throws -> TestCluster.Output {
        try await cluster.on("client-0", "kubectl --request-timeout 20s \(words)")
    }

    @Test(.timeLimit(.minutes(3))) func `members are counted, one leads on request, all give their space back`()
        async throws
    {
        let status = try await cluster.provision("etcd", ["status"])
        #expect(
            status.status == 0 && status.text.contains("3 of 3 members healthy; 1 may fail"),
            "\(status.everything)"
        )
        let leader = status.text.split(separator: "\n").first { $0.contains(" leader ") } ?? ""
        let other = leader.contains("controller-0 ") ? "controller-1" : "controller-0"
        let moved = try await cluster.provision("etcd", ["move-leader", other])
        #expect(moved.status == 0 && moved.text.hasPrefix("\(other) leads"), "\(moved.everything)")
        let defragmented = try await cluster.provision("etcd", ["defrag"])
        #expect(defragmented.status == 0, "\(defragmented.everything)")
        let rows = defragmented.text.split(separator: "\n")
        #expect(rows.count == 3 && rows.last?.hasPrefix(other) == true, "\(defragmented.everything)")
        let path = cluster.directory + "/etcd.db"
        let saved = try await cluster.provision("etcd", ["snapshot", "--output", path])
        #expect(saved.status == 0, "\(saved.everything)")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(.timeLimit(.minutes(3))) func `a member is replaced only once the cluster was named`()
        async throws
    {
        let plan = try await cluster.provision("etcd", ["replace", "--plan", "controller-1"])
        #expect(plan.status == 0 && plan.text.contains("3 of 3 members healthy"), "\(plan.everything)")
        #expect(plan.text.contains("controller-1  etcd stopped, its data deleted"), "\(plan.everything)")
        let unnamed = try await cluster.provision("etcd", ["replace", "--no-input", "controller-1"])
        #expect(unnamed.status == 64 && unnamed.errors.contains("nothing was done"), "\(unnamed.everything)")
        let status = try await cluster.provision("etcd", ["status"])
        #expect(status.status == 0, "\(status.everything)")
    }

    @Test(.timeLimit(.minutes(10)))
    func `a cluster without quorum comes back from its back-up, and what is lost is said`() async throws {
        #expect(try await kubectl("create secret generic before --from-literal=word=kept").status == 0)
        let backup = try await provenBackup()
        #expect(try await kubectl("create secret generic after --from-literal=word=lost").status == 0)
        for host in Self.lost { _ = try await cluster.on(host, "systemctl stop etcd; rm -rf /var/lib/etcd/member") }
        let gone = try await cluster.provision("etcd", ["status"])
        #expect(gone.status == 6 && gone.text.contains("NO QUORUM"), "\(gone.everything)")
        let words = ["--passphrase-file", cluster.directory + "/passphrase", backup]
        let unnamed = try await cluster.provision("backup", ["restore", "--no-input"] + words)
        #expect(unnamed.status == 64, "\(unnamed.everything)")
        let began = ContinuousClock.now
        let restored = try await cluster.provision("backup", ["restore", "--confirm", Self.name] + words)
        print("restored in \(ContinuousClock.now - began)\n\(restored.text)")
        try #require(restored.status == 0, "\(restored.everything.suffix(6000))")
        #expect(restored.text.contains("3 of 3 members healthy") && restored.text.contains("are lost"))
        try await isWhole()
    }

    /// A back-up that was listed and proven, and that does not open with another passphrase.
    private func provenBackup() async throws -> String {
        let passphrase = try cluster.secretFile("passphrase", "a passphrase")
        let created = try await cluster.provision(
            "backup",
            ["create", "--passphrase-file", passphrase, "--output", folder, "--keep", "1"]
        )
        try #require(created.status == 0, "\(created.everything)")
        let path = created.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let listed = try await cluster.run([cluster.binary, "backup", "list", folder], seconds: 20)
        #expect(listed.status == 0 && listed.text.contains(Self.name), "\(listed.everything)")
        let verify = [cluster.binary, "backup", "verify", path, "--inventory", cluster.inventory, "--passphrase-file"]
        let verified = try await cluster.run(verify + [passphrase], seconds: 120)
        print(verified.text)
        #expect(
            verified.status == 0 && verified.text.contains("decrypted with the archived key"),
            "\(verified.everything)"
        )
        try await isEnoughForAnotherMachine(path, passphrase)
        let wrong = try await cluster.run(verify + [try cluster.secretFile("wrong", "another")], seconds: 60)
        #expect(wrong.status == 1 && wrong.errors.contains("the passphrase is wrong"), "\(wrong.everything)")
        return path
    }

    /// The archive and its key are all that is left of the operator's machine.
    private func isEnoughForAnotherMachine(_ path: String, _ passphrase: String) async throws {
        let rescue = folder + "/rescue"
        let words = ["backup", "extract", "--store", "--to", rescue, "--passphrase-file", passphrase, path]
        let extracted = try await cluster.run([cluster.binary] + words, seconds: 60)
        #expect(extracted.status == 0, "\(extracted.everything)")
        let plan = [cluster.binary, "plan", "--detailed-exitcode", rescue + "/inventory.yaml"]
        let planned = try await cluster.run(plan, seconds: 120)
        #expect(planned.status == 0, "\(planned.everything.suffix(4000))")
        try FileManager.default.removeItem(atPath: rescue)
    }

    private func isWhole() async throws {
        let kept = try await kubectl("get secret before -o 'jsonpath={.data.word}'")
        #expect(kept.text == Data("kept".utf8).base64EncodedString(), "\(kept.everything)")
        let lost = try await kubectl("get secret after")
        #expect(lost.errors.contains("NotFound") || lost.text.contains("NotFound"), "\(lost.everything)")
        #expect(try await cluster.pending() == [])
        let isWell = try await cluster.eventually(seconds: 90) { try await cluster.provision("status").status == 0 }
        #expect(isWell)
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
        #expect(try await kubectl("delete secret before").status == 0)
        for host in ["controller-0"] + Self.lost {
            _ = try await cluster.on(host, "rm -rf /var/lib/etcd/member.before-*")
        }
    }
}
