import Foundation
import PKI
import Templates
import Testing

@Suite struct EscrowTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-escrow-" + UUID().uuidString
    private let authorities = ["kubernetes-ca", "etcd-ca"].map {
        AuthorityProfile(name: $0, lifetime: 10 * 365 * 86_400)
    }
    private let profile = CertificateProfile(
        identifier: "apiserver@c0",
        issuer: "kubernetes-ca",
        commonName: "kube-apiserver",
        usages: [.serverAuth],
        alternativeNames: [.dns("a.example")],
        lifetime: 180 * 86_400
    )

    private func store(at directory: String? = nil, now: Int64 = now, passphrase: String? = nil) -> CredentialStore {
        CredentialStore(
            directory: directory ?? self.directory,
            passphrase: passphrase.map { Secret($0) },
            now: now
        )
    }

    private func make() async throws { _ = try await store().credentials(authorities: authorities, leaves: [profile]) }
    private func clean() { try? FileManager.default.removeItem(atPath: directory) }
    private func file(_ name: String) -> URL { URL(fileURLWithPath: "\(directory)/\(name)") }
    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(directory)/\(name)") }

    @Test func `keys leave the store, leaves are requested, and keys come back`() async throws {
        defer { clean() }
        try await make()
        let bundle = try AuthorityBundle(reading: try store().bundle(authorities).bytes())
        #expect(try store().removeKeys(in: bundle, exported: "/b") == ["kubernetes-ca", "etcd-ca"])
        #expect(!exists("pki/kubernetes-ca/ca.key") && exists("pki/kubernetes-ca/ca.key.escrowed"))
        _ = try await store().credentials(authorities: authorities, leaves: [profile])
        let later = store(now: Self.now + 170 * 86_400)
        await #expect(throws: CredentialStoreError.self) {
            try await later.credentials(authorities: authorities, leaves: [profile])
        }
        #expect(exists("pki/kubernetes-ca/requests/apiserver@c0.csr"))
        #expect(throws: CredentialStoreError.self) { try store().bundle(authorities) }
        #expect(try store().restore(bundle).restored == ["kubernetes-ca", "etcd-ca"])
        #expect(try store().restore(bundle).present == ["kubernetes-ca", "etcd-ca"])
        let issued = try await later.credentials(authorities: authorities, leaves: [profile])
        #expect(issued.leaves["apiserver@c0"]?.decision.isIssue == true)
    }

    @Test func `a lost store gets its authorities back, and issues what the cluster trusts`() async throws {
        defer { clean() }
        try await make()
        let bundle = try store().bundle(authorities)
        let before = try await store().credentials(authorities: authorities, leaves: [profile])
        let keys = try ["encryption.key", "pki/sa.key"].map { ($0, try Data(contentsOf: file($0))) }
        clean()
        #expect(try store(passphrase: "p").restore(bundle).restored.count == 2)
        for (name, key) in keys {
            let refused = await #expect(throws: CredentialStoreError.self) {
                try await store(passphrase: "p").credentials(authorities: authorities, leaves: [profile])
            }
            #expect(refused?.code == .keyMissing && refused?.subject.contains(name) == true)
            let lost = try store().lostKeys()
            #expect(refused == lost)
            try key.write(to: file(name))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name).path)
        }
        let after = try await store(passphrase: "p").credentials(authorities: authorities, leaves: [profile])
        #expect(after.authorities == before.authorities && after.clusterID == before.clusterID)
        #expect(after.encryptionKeys.map { $0.bytes.reveal() } == before.encryptionKeys.map { $0.bytes.reveal() })
        #expect(after.serviceAccountPublicKey == before.serviceAccountPublicKey && exists("pki/sa.pub"))
    }

    @Test func `an export says which generation the keys have that it does not hold`() async throws {
        defer { clean() }
        try await make()
        var state = try store().begin([.encryption], authorities: authorities, id: "r")
        state.rotation?.phase = .distrust
        try store().move(to: state)
        _ = try store().finish()
        let bundle = try AuthorityBundle(reading: try store().bundle(authorities).bytes())
        clean()
        _ = try store().restore(bundle)
        #expect(try store().trustState().settled(.encryption) == 2)
    }

    @Test func `an export of another cluster or of another generation is refused`() async throws {
        defer { clean() }
        try await make()
        let old = try store().bundle(authorities)
        _ = try store().begin([.kubernetes], authorities: authorities, id: "r")
        #expect(throws: CredentialStoreError.self) { try store().bundle(authorities) }
        var state = try store().trustState()
        state.rotation?.phase = .distrust
        try store().move(to: state)
        _ = try store().finish()
        #expect(throws: CredentialStoreError.self) { try store().restore(old) }
        let other = NSTemporaryDirectory() + "provision-escrow-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: other) }
        _ = try await store(at: other).credentials(authorities: authorities, leaves: [])
        #expect(throws: CredentialStoreError.self) { try store(at: other).restore(old) }
    }
}
