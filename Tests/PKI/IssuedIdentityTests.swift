import Foundation
import PKI
import Templates
import Testing

@Suite struct IssuedIdentityTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-issued-" + UUID().uuidString
    private let authority = AuthorityProfile(name: "kubernetes-ca", lifetime: 10 * 365 * 86_400)

    private func store(_ now: Int64 = now, dryRun: Bool = false) -> CredentialStore {
        CredentialStore(directory: directory, now: now, dryRun: dryRun)
    }

    private func clean() { try? FileManager.default.removeItem(atPath: directory) }
    private var file: String { directory + "/issued.jsonl" }

    private func make() async throws { _ = try await store().credentials(authorities: [authority], leaves: []) }

    /// Issues a certificate and hands it out.
    @discardableResult
    private func issue(_ name: String, _ groups: [String] = [], hours: Int64 = 8) async throws -> Credentials.Leaf {
        let profile = CertificateProfile(
            identifier: "user:\(name)",
            issuer: "kubernetes-ca",
            commonName: name,
            organizations: groups,
            usages: [.clientAuth],
            lifetime: hours * 3600
        )
        let leaf = try #require(try await store().ephemeral(profile, authority: authority))
        try await store().recordIssued(leaf.certificate)
        return leaf
    }

    private func move(to phase: RotationPhase) throws {
        var state = try store().trustState()
        state.rotation?.phase = phase
        try store().move(to: state)
    }

    @Test func `a certificate that is handed out is on record once, without its key`() async throws {
        defer { clean() }
        try await make()
        #expect(try store().issuedIdentities().isEmpty)
        let leaf = try await issue("jane", ["developers"])
        try await store().recordIssued(leaf.certificate)
        try await store(dryRun: true).recordIssued(leaf.certificate)
        let identity = try #require(try store().issuedIdentities().first)
        let facts = try CertificateFacts(pem: leaf.certificate)
        #expect(try store().issuedIdentities().count == 1)
        #expect(identity.holder == "jane (developers)" && identity.serial == facts.serial)
        #expect(identity.notAfter == facts.notAfter && identity.issuerName == facts.issuerName)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.hasSuffix("}\n") && !text.contains("KEY"))
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(try store().files().contains { $0.name == "issued.jsonl" }, "back-ups carry it")
        let check = """
            [ "$(openssl x509 -in \(directory)/pki/kubernetes-ca/ca.crt -noout -pubkey | \
            openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)" = \(identity.issuer) ]
            """
        try OutsideAuthority.shell(check)
    }

    @Test func `many at once are all on record, and one that ended long ago is none`() async throws {
        defer { clean() }
        try await make()
        try await issue("early")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<8 { group.addTask { _ = try await issue("ci-\(index)") } }
            try await group.waitForAll()
        }
        #expect(try store().issuedIdentities().count == 9)
        let late = store(Self.now + 40 * 86_400)
        let last = try #require(
            try await late.ephemeral(
                CertificateProfile(
                    identifier: "user:late",
                    issuer: "kubernetes-ca",
                    commonName: "late",
                    usages: [.clientAuth],
                    lifetime: 3600
                ),
                authority: authority
            )
        )
        try await late.recordIssued(last.certificate)
        #expect(try store().issuedIdentities().map(\.name) == ["late"])
    }

    @Test func `whom an authority takes along is known, but for who has ended or has another`() async throws {
        defer { clean() }
        try await make()
        try await issue("jane", ["b", "a"])
        try await issue("moved")
        try await issue("short", hours: 1)
        _ = try store().begin([.kubernetes], authorities: [authority], id: "r1")
        try move(to: .newLeaves)
        try await issue("moved")
        try await issue("new")
        func lost(_ going: Int, _ staying: Int, at time: Int64) throws -> [String] {
            try store(time).lostAccess(going: going, staying: staying).map(\.holder)
        }
        #expect(try lost(1, 2, at: Self.now) == ["jane (a, b)", "short"])
        #expect(try lost(1, 2, at: Self.now + 2 * 3600) == ["jane (a, b)"])
        #expect(try lost(1, 2, at: Self.now + 9 * 3600).isEmpty)
        #expect(try lost(2, 1, at: Self.now) == ["new"], "the way back takes others along")
        try move(to: .distrust)
        _ = try store().finish()
        #expect(try lost(2, 3, at: Self.now) == ["moved", "new"], "what an earlier authority issued is lost already")
    }

    @Test func `an authority whose certificate was extended takes along whom it knew before`() async throws {
        defer { clean() }
        try await make()
        try await issue("jane")
        let certificate = URL(filePath: directory + "/pki/kubernetes-ca/ca.crt")
        let before = try Data(contentsOf: certificate)
        try store().shorten([authority], lifetime: 2 * authority.lifetime)
        #expect(try Data(contentsOf: certificate) != before, "the same key under another certificate")
        try await issue("late")
        _ = try store().begin([.kubernetes], authorities: [authority], id: "r1")
        try move(to: .newLeaves)
        #expect(try store().lostAccess(going: 1, staying: 2).map(\.holder) == ["jane", "late"])
    }

    @Test func `a line that cannot be read is no empty list, and stays`() async throws {
        defer { clean() }
        try await make()
        try await issue("jane")
        let text = try String(contentsOfFile: file, encoding: .utf8) + "{\"name\":\n"
        try Data(text.utf8).write(to: URL(filePath: file))
        let damaged = #expect(throws: CredentialStoreError.self) { try store().issuedIdentities() }
        #expect(damaged?.code == .damaged && damaged?.reason == "line 2 cannot be read")
        try await issue("ci")
        #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 3)
    }

    @Test func `a store knows which rotations have ended`() async throws {
        defer { clean() }
        try await make()
        #expect(try store().endedRotations().isEmpty)
        _ = try store().begin([.kubernetes], authorities: [authority], id: "r1")
        try store().record("r1: began with kubernetes-ca")
        #expect(try store().endedRotations().isEmpty, "a copy of now does not know its end")
        _ = try store().finish()
        #expect(try store().endedRotations() == ["r1"], "it was taken back")
        _ = try store().begin([.kubernetes], authorities: [authority], id: "r2")
        try move(to: .distrust)
        _ = try store().finish()
        #expect(try store().endedRotations() == ["r1", "r2"])
    }
}
