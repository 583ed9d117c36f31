import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

@Suite struct SnapshotKeysTests {
    private static let right = Secret((0..<32).map { UInt8($0) })
    private static let other = Secret((0..<32).map { UInt8($0 + 1) })
    /// A Secret under `key1` of aescbc, as an API server writes it.
    private static let stored =
        "azhzOmVuYzphZXNjYmM6djE6a2V5MTogISIjJCUmJygpKissLS4v0xiJ8JCFj17dWtJbwZBpAP+Jj0g1tM0XLvlCA7kv8lg="

    private static func answer(_ uses: String...) -> TrialAnswer {
        let lines = uses.map { "use \($0)" }
        let secrets = #"secrets {"kvs":[{"key":"L3JlZ2lzdHJ5L3NlY3JldHMvYS9i","value":"\#(stored)"}]}"#
        return TrialAnswer(output: ([secrets] + lines + ["complete"]).joined(separator: "\n"))
    }

    private static func gaps(
        _ answer: TrialAnswer,
        _ keys: [(generation: Int, bytes: Secret<[UInt8]>)],
        provider: FeatureSpec.EncryptionProvider = .aescbc
    ) throws -> [String] {
        let keys = keys.map { ClusterMaterials.EncryptionKey(generation: $0.generation, bytes: $0.bytes) }
        return try SnapshotKeys(provider: provider, keys: keys).unreadable(answer).map {
            "\($0.use.secrets) under \($0.use.key) of \($0.use.provider): \($0.gap)"
        }
    }

    @Test func `a prefix says who encrypted and with which key`() {
        let use = EncryptionUse("12 k8s:enc:secretbox:v1:key2:")
        #expect(use?.provider == "secretbox" && use?.key == "key2" && use?.secrets == 12)
        #expect(EncryptionUse("k8s:enc:secretbox:v1:key2:") == nil)
        #expect(EncryptionUse("1 k8s:enc:secretbox") == nil)
    }

    @Test func `keys in force open their Secrets`() throws {
        let answer = Self.answer("1 k8s:enc:aescbc:v1:key1:")
        #expect(try Self.gaps(answer, [(1, Self.right)]) == [])
        #expect(try Self.gaps(answer, [(2, Self.other), (1, Self.right)]) == [], "amid a rotation both are there")
        #expect(try Self.gaps(Self.answer(), [], provider: .none) == [], "plain text needs none")
    }

    @Test func `a key that is no more, another of its name and another provider are told apart`() throws {
        let answer = Self.answer("1 k8s:enc:aescbc:v1:key1:")
        #expect(try Self.gaps(answer, [(2, Self.right)]) == ["1 under key1 of aescbc: name"])
        #expect(try Self.gaps(answer, [(1, Self.other)]) == ["1 under key1 of aescbc: content"])
        #expect(try Self.gaps(answer, [(1, Self.right)], provider: .secretbox) == ["1 under key1 of aescbc: provider"])
        #expect(try Self.gaps(answer, [], provider: .none) == ["1 under key1 of aescbc: provider"])
        let both = Self.answer("1 k8s:enc:aescbc:v1:key1:", "300 k8s:enc:aescbc:v1:key2:")
        #expect(try Self.gaps(both, [(3, Self.other)]).count == 2)
    }

    @Test func `of keys of somebody's own nothing is known`() throws {
        var spec = try MembershipFixtures.lab()
        #expect(SnapshotKeys.unknowable(spec) == [])
        let index = try #require(spec.hosts.firstIndex { $0.name == "controller-1" })
        spec.hosts[index].extraFlags[.kubeAPIServer] = ["--encryption-provider-config": "/etc/own.yaml"]
        #expect(SnapshotKeys.unknowable(spec) == ["controller-1"])
    }

    @Test func `the key that was put away is the one that opens them, also beside one of the same name`() throws {
        let kept = [
            KeptKey(generation: 1, path: "archive/a/encryption-key-g1.key", bytes: Self.other),
            KeptKey(generation: 1, path: "archive/b/encryption-key-g1.key", bytes: Self.right),
            KeptKey(generation: 2, path: "archive/c/encryption-key-g2.key", bytes: Self.right),
        ]
        let answer = Self.answer("1 k8s:enc:aescbc:v1:key1:", "9 k8s:enc:aescbc:v1:key2:", "1 k8s:enc:aescbc:v1:key7:")
        let found = try answer.uses.map { try SnapshotKeys.key(of: $0, in: answer, among: kept)?.path }
        #expect(found == ["archive/b/encryption-key-g1.key", "archive/c/encryption-key-g2.key", nil])
    }
}
