import Foundation
import PKI
import Synchronization
import Templates
import Testing

@Suite struct CredentialStoreTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-pki-" + UUID().uuidString
    private let authorities = [AuthorityProfile(name: "kubernetes-ca", lifetime: 10 * 365 * 86_400)]

    private func profile(
        _ names: Set<CertificateProfile.AlternativeName> = [.dns("a.example"), .ip("10.0.0.1")]
    ) -> CertificateProfile {
        CertificateProfile(
            identifier: "apiserver@c0",
            issuer: "kubernetes-ca",
            commonName: "kube-apiserver",
            organizations: ["ops"],
            usages: [.serverAuth],
            alternativeNames: names,
            lifetime: 180 * 86_400
        )
    }

    private func credentials(
        _ profiles: [CertificateProfile],
        now: Int64 = now,
        passphrase: String? = nil,
        dryRun: Bool = false
    ) async throws -> Credentials {
        let store = CredentialStore(
            directory: directory,
            passphrase: passphrase.map { Secret($0) },
            now: now,
            dryRun: dryRun
        )
        return try await store.credentials(authorities: authorities, leaves: profiles)
    }

    private func path(_ name: String) -> String { "\(directory)/pki/kubernetes-ca/\(name)" }
    private func clean() { try? FileManager.default.removeItem(atPath: directory) }

    @Test func `the second time nothing is issued`() async throws {
        defer { clean() }
        let first = try await credentials([profile()])
        #expect(first.leaves["apiserver@c0"]?.decision == .issue(reason: "is new or was lost"))
        let second = try await credentials([profile()])
        #expect(second.leaves["apiserver@c0"]?.decision == .keep(daysLeft: 180))
        #expect(second.leaves["apiserver@c0"]?.certificate == first.leaves["apiserver@c0"]?.certificate)
        #expect(second.clusterID == first.clusterID)
        #expect(second.encryptionKeys.map { $0.bytes.reveal() } == first.encryptionKeys.map { $0.bytes.reveal() })
    }

    @Test func `what was renewed can be put back and stays, whatever its age`() async throws {
        defer { clean() }
        let first = try await credentials([profile()])
        let late = Self.now + 150 * 86_400
        let store = CredentialStore(directory: directory, now: late)
        let earlier = try store.earlier([profile()])
        #expect(earlier.map(\.profile.identifier) == ["apiserver@c0"])
        try await store.renew([profile()], authorities: authorities)
        #expect(try store.stored(profile())?.certificate != first.leaves["apiserver@c0"]?.certificate)
        try store.putBack(earlier)
        let holding = CredentialStore(directory: directory, now: late, holdsLiving: true)
        let held = try await holding.credentials(authorities: authorities, leaves: [profile()])
        #expect(held.leaves["apiserver@c0"]?.certificate == first.leaves["apiserver@c0"]?.certificate)
        #expect(held.leaves["apiserver@c0"]?.decision == .keep(daysLeft: 30))
        let next = try await credentials([profile()], now: late)
        #expect(next.leaves["apiserver@c0"]?.decision == .issue(reason: "30 days left, less than a third of its life"))
        let over = CredentialStore(directory: directory, now: Self.now + 400 * 86_400)
        #expect(try over.earlier([profile()]).isEmpty, "what has ended is nothing to go back to")
    }

    @Test func `a plan that holds leaves holds those that have ended too, and a run issues them again`() async throws {
        defer { clean() }
        let first = try await credentials([profile()]).leaves["apiserver@c0"]
        let over = Self.now + 200 * 86_400
        func held(dryRun: Bool) async throws -> Credentials.Leaf? {
            let store = CredentialStore(directory: directory, now: over, dryRun: dryRun, holdsLiving: true)
            return try await store.credentials(authorities: authorities, leaves: [profile()]).leaves["apiserver@c0"]
        }
        #expect(try await held(dryRun: true)?.certificate == first?.certificate)
        #expect(try await held(dryRun: false)?.decision == .issue(reason: "ended 20 days ago"))
    }

    @Test func `two first runs at once make one cluster`() async throws {
        defer { clean() }
        async let one = credentials([profile()])
        async let other = credentials([profile()])
        let (first, second) = try await (one, other)
        #expect(first.clusterID == second.clusterID)
        #expect(first.authorities == second.authorities)
        #expect(first.leaves["apiserver@c0"]?.certificate == second.leaves["apiserver@c0"]?.certificate)
    }

    @Test func `whoever is asked before leaves are written can keep those that are there`() async throws {
        defer { clean() }
        let asked = Uses()
        func credentials(at now: Int64, dryRun: Bool = false, refuses: Bool = false) async throws -> Credentials {
            let store = CredentialStore(directory: directory, now: now, dryRun: dryRun)
            return try await store.credentials(authorities: authorities, leaves: [profile()]) {
                asked.note(.sealing)
                if refuses { throw CancellationError() }
            }
        }
        let first = try await credentials(at: Self.now)
        #expect(asked.all.count == 1)
        _ = try await credentials(at: Self.now)
        let late = Self.now + 150 * 86_400
        _ = try await credentials(at: late, dryRun: true)
        #expect(asked.all.count == 1, "nothing is issued, or in memory only")
        await #expect(throws: CancellationError.self) { _ = try await credentials(at: late, refuses: true) }
        let store = CredentialStore(directory: directory, now: late)
        #expect(try store.stored(profile())?.certificate == first.leaves["apiserver@c0"]?.certificate)
        _ = try await credentials(at: late)
        #expect(try store.stored(profile())?.certificate != first.leaves["apiserver@c0"]?.certificate)
        #expect(asked.all.count == 3)
    }

    @Test func `secrets are readable by their owner only`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        for name in ["ca.key", "apiserver@c0.key"] {
            let mode = try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: directory)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test func `a plan writes nothing`() async throws {
        defer { clean() }
        let planned = try await credentials([profile()], dryRun: true)
        #expect(planned.leaves["apiserver@c0"] != nil)
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func `a lost leaf is issued again, a lost authority key is refused`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        try FileManager.default.removeItem(atPath: path("apiserver@c0.crt"))
        #expect(try await credentials([profile()]).leaves["apiserver@c0"]?.decision.isIssue == true)
        try FileManager.default.removeItem(atPath: path("ca.key"))
        let error = await #expect(throws: CredentialStoreError.self) { try await credentials([profile()]) }
        #expect(error?.code == .authorityKeyMissing)
        #expect(!FileManager.default.fileExists(atPath: path("ca.key")))
    }

    @Test func `a changed name is named as the reason`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        let changed = try await credentials([profile([.dns("b.example"), .ip("10.0.0.1")])])
        let reason = "SAN DNS:b.example is missing, SAN DNS:a.example is not wanted"
        #expect(changed.leaves["apiserver@c0"]?.decision == .issue(reason: reason))
    }

    @Test func `a leaf is renewed in the last third of its life`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        let early = try await credentials([profile()], now: Self.now + 119 * 86_400)
        #expect(early.leaves["apiserver@c0"]?.decision == .keep(daysLeft: 61))
        let late = try await credentials([profile()], now: Self.now + 121 * 86_400)
        #expect(late.leaves["apiserver@c0"]?.decision.isIssue == true)
    }

    @Test func `what is only looked at is compared with what is wanted, whatever its age`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        let late = CredentialStore(directory: directory, now: Self.now + 170 * 86_400)
        let seen = try await late.inspect([profile()], authorities: authorities)
        #expect(seen["apiserver@c0"]?.decision.isIssue == true && seen["apiserver@c0"]?.ageless.isIssue == false)
        let other = try await late.inspect([profile([.dns("b.example")])], authorities: authorities)
        #expect(other["apiserver@c0"]?.ageless.isIssue == true)
    }

    @Test func `another kind or size of key is named as the reason, and issued once`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        var held = "ecdsa-p256"
        for algorithm in [KeyAlgorithm.rsa(bits: 2048), .rsa(bits: 3072)] {
            var wanted = profile()
            wanted.algorithm = algorithm
            let changed = try await credentials([wanted])
            let reason = "its key is \(held), must be \(algorithm)"
            #expect(changed.leaves["apiserver@c0"]?.decision == .issue(reason: reason))
            #expect(try await credentials([wanted]).leaves["apiserver@c0"]?.decision == .keep(daysLeft: 180))
            held = algorithm.description
        }
    }

    @Test func `halves of different generations are not used`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        let other = try PrivateKey.generate(.ecdsaP256).pem().reveal()
        try Data(other).write(to: URL(fileURLWithPath: path("apiserver@c0.key")))
        let mended = try await credentials([profile()])
        #expect(mended.leaves["apiserver@c0"]?.decision == .issue(reason: "key and certificate are not a pair"))
    }

    @Test func `a key that others can read is refused`() async throws {
        defer { clean() }
        _ = try await credentials([profile()])
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path("ca.key"))
        let error = await #expect(throws: CredentialStoreError.self) { try await credentials([profile()]) }
        #expect(error?.code == .permissions)
    }

    @Test func `an encrypted authority needs its passphrase`() async throws {
        defer { clean() }
        _ = try await credentials([profile()], passphrase: "correct horse")
        #expect(try String(contentsOfFile: path("ca.key"), encoding: .utf8).contains("ENCRYPTED"))
        let wrong = await #expect(throws: CredentialStoreError.self) {
            try await credentials([profile()], passphrase: "wrong")
        }
        #expect(wrong?.code == .passphraseWrong)
        #expect(try await credentials([profile()], passphrase: "correct horse").leaves.count == 1)
    }

    @Test func `a passphrase is asked for where a key is made or opened, and nowhere else`() async throws {
        defer { clean() }
        let uses = Uses()
        func store(dryRun: Bool = false) -> CredentialStore {
            CredentialStore(
                directory: directory,
                asking: { use in
                    uses.note(use)
                    return Secret("correct horse")
                },
                now: Self.now,
                dryRun: dryRun
            )
        }
        _ = try await store(dryRun: true).credentials(authorities: authorities, leaves: [profile()])
        #expect(uses.all.isEmpty, "in memory nothing is sealed")
        _ = try await store().credentials(authorities: authorities, leaves: [profile()])
        #expect(uses.all == [.sealing])
        _ = try await store().inspect([profile()], authorities: authorities)
        _ = try store().files()
        #expect(uses.all == [.sealing])
        _ = try await store().credentials(authorities: authorities, leaves: [profile()])
        #expect(uses.all == [.sealing, .opening])
    }

    @Test func `names that cannot stand in a certificate are refused before anything is written`() async throws {
        defer { clean() }
        let error = await #expect(throws: CredentialStoreError.self) {
            try await credentials([profile([.dns("a,IP:1.2.3.4")])])
        }
        #expect(error?.code == .profileInvalid)
        #expect(!FileManager.default.fileExists(atPath: directory))
    }
}

/// What passphrases were asked for.
private final class Uses: Sendable {
    private let log = Mutex<[CredentialStore.KeyUse]>([])

    var all: [CredentialStore.KeyUse] { log.withLock { $0 } }

    func note(_ use: CredentialStore.KeyUse) { log.withLock { $0.append(use) } }
}
