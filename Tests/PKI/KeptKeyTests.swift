import Foundation
import PKI
import Templates
import Testing

@Suite struct KeptKeyTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-kept-" + UUID().uuidString

    private var store: CredentialStore { CredentialStore(directory: directory, now: Self.now) }

    @Test func `keys of Secrets are found where a rotation left them`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try await store.credentials(authorities: [], leaves: []).encryptionKeys.map { $0.bytes.reveal() }
        #expect(try store.keptEncryptionKeys().isEmpty)

        var state = try store.begin([.encryption], authorities: [], id: "r1")
        let ready = try store.keptEncryptionKeys()
        #expect(ready.map(\.path) == ["\(directory)/encryption-g1.key", "\(directory)/encryption-g2.key"])

        state.rotation?.phase = .distrust
        try store.move(to: state)
        _ = try store.finish()
        let kept = try store.keptEncryptionKeys()
        #expect(kept.map(\.path) == ["\(directory)/archive/r1/encryption-key-g1.key"])
        #expect(kept.map(\.generation) == [1] && kept.map { $0.bytes.reveal() } == first)
    }
}
