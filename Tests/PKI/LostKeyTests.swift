import Foundation
import PKI
import Templates
import Testing

/// The keys that belong to no authority: only a new store makes them.
@Suite struct LostKeyTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-lost-" + UUID().uuidString
    private let authorities = [AuthorityProfile(name: "kubernetes-ca", lifetime: 10 * 365 * 86_400)]

    private func store(dryRun: Bool = false) -> CredentialStore {
        CredentialStore(directory: directory, now: Self.now, dryRun: dryRun)
    }

    private func credentials(dryRun: Bool = false, encrypts: Bool = true) async throws -> Credentials {
        try await store(dryRun: dryRun).credentials(authorities: authorities, leaves: [], encrypts: encrypts)
    }

    private func refusal(dryRun: Bool = false, encrypts: Bool = true) async -> CredentialStoreError? {
        do { _ = try await credentials(dryRun: dryRun, encrypts: encrypts) } catch {
            return error as? CredentialStoreError
        }
        return nil
    }

    private func clean() { try? FileManager.default.removeItem(atPath: directory) }
    private func path(_ name: String) -> String { "\(directory)/\(name)" }
    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    private func remove(_ names: String...) throws {
        for name in names { try FileManager.default.removeItem(atPath: path(name)) }
    }

    @Test(arguments: [
        (["encryption.key"], "/etc/kubernetes/encryption-config.yaml"),
        (["pki/sa.key"], "/etc/kubernetes/pki/sa.key"), (["pki/sa.key", "pki/sa.pub"], "/etc/kubernetes/pki/sa.key"),
    ])
    func `a lost key is named with the place that has it, and no other one is made`(
        _ names: [String],
        _ source: String
    ) async throws {
        defer { clean() }
        _ = try await credentials()
        for name in names { try remove(name) }
        for isDryRun in [true, false] {
            let refused = await refusal(dryRun: isDryRun)
            #expect(refused?.code == .keyMissing)
            #expect(refused?.subject == path(names[0]) && refused?.remedy.contains(source) == true)
        }
        #expect(!exists(names[0]))
    }

    @Test func `all that is lost is said at once, also where it is a link to nowhere`() async throws {
        defer { clean() }
        _ = try await credentials()
        try remove("encryption.key", "pki/sa.key")
        try FileManager.default.createSymbolicLink(
            atPath: path("encryption.key"),
            withDestinationPath: path("not-mounted/key")
        )
        #expect(await refusal()?.subject == "\(path("encryption.key")), \(path("pki/sa.key"))")
    }

    @Test func `a first run that was cut off goes on`() async throws {
        defer { clean() }
        _ = try await credentials()
        try remove("pki")
        let first = try await credentials()
        #expect(exists("pki/sa.key") && exists("pki/sa.pub"))
        try remove("pki", "encryption.key")
        let second = try await credentials()
        #expect(second.clusterID == first.clusterID)
    }

    @Test func `where Secrets are not encrypted a new key makes none unreadable`() async throws {
        defer { clean() }
        _ = try await credentials()
        try remove("encryption.key")
        #expect(await refusal(encrypts: false) == nil && exists("encryption.key"))
        try remove("pki/sa.key")
        #expect(await refusal(encrypts: false)?.code == .keyMissing)
    }

    @Test func `the public half follows the private one, and never another`() async throws {
        defer { clean() }
        let before = try await credentials()
        try remove("pki/sa.pub")
        _ = try await credentials()
        let open = try Data(contentsOf: URL(fileURLWithPath: path("pki/sa.pub")))
        #expect(Array(open) == before.serviceAccountPublicKey)
        let other = try PrivateKey.generate(.rsa(bits: 2048)).publicPEM()
        try Data(other).write(to: URL(fileURLWithPath: path("pki/sa.pub")))
        #expect(await refusal()?.code == .authorityKeyMismatch)
    }

    @Test func `a plan that writes no key goes without one that was lost, and a run never does`() async throws {
        defer { clean() }
        let before = try await credentials()
        try remove("encryption.key", "pki/sa.key")
        let made = try await store(dryRun: true).credentials(authorities: authorities, leaves: [], needsKeys: false)
        #expect(made.authorities == before.authorities)
        let refused = await #expect(throws: CredentialStoreError.self) {
            try await store().credentials(authorities: authorities, leaves: [], needsKeys: false)
        }
        #expect(refused?.code == .keyMissing)
        #expect(!exists("encryption.key") && !exists("pki/sa.key"))
    }
}
