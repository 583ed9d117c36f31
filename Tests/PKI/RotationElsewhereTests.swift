import Foundation
import PKI
import Templates
import Testing

/// Rotations to and from an authority whose key is not in the store; the openssl program signs for it.
@Suite struct RotationElsewhereTests {
    private let directory = NSTemporaryDirectory() + "provision-elsewhere-" + UUID().uuidString
    private var folder: String { "\(directory)/store/pki/kubernetes-ca" }
    private var outside: OutsideAuthority { OutsideAuthority(directory: directory) }
    private var theirs: AuthorityProfile { profile(certificate: outside.certificate) }
    private let leaf = CertificateProfile(
        identifier: "apiserver@c0",
        issuer: "kubernetes-ca",
        commonName: "kube-apiserver",
        usages: [.serverAuth],
        alternativeNames: [.dns("a.example")],
        lifetime: 86_400
    )
    private let canary = CertificateProfile(
        identifier: "canary",
        issuer: "kubernetes-ca",
        commonName: "canary",
        usages: [.clientAuth],
        lifetime: 3600
    )

    private func profile(certificate: String? = nil, key: String? = nil) -> AuthorityProfile {
        AuthorityProfile(
            name: "kubernetes-ca",
            lifetime: 30 * 86_400,
            broughtCertificate: certificate,
            broughtKey: key
        )
    }

    private func store(replacing: Set<String> = [], later seconds: Int64 = 0) -> CredentialStore {
        let now = Int64(Date().timeIntervalSince1970) + seconds
        return CredentialStore(directory: "\(directory)/store", now: now, replacing: replacing)
    }

    private func issuer(
        _ authority: AuthorityProfile,
        replacing: Set<String> = [],
        later: Int64 = 0
    ) async throws -> String {
        let store = store(replacing: replacing, later: later)
        let it = try await store.credentials(authorities: [authority], leaves: [leaf])
        return try CertificateFacts(pem: it.leaves[leaf.identifier]?.certificate ?? []).issuerName
    }

    private func move(to phase: RotationPhase) throws {
        var state = try store().trustState()
        state.rotation?.phase = phase
        try store().move(to: state)
    }

    private func refusal(_ body: () async throws -> Void) async -> CredentialStoreError? {
        do { try await body() } catch { return error as? CredentialStoreError }
        return nil
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

    @Test func `an authority brought in place of the one in force is refused outside of a rotation`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        #expect(try await issuer(profile()) == "kubernetes-ca-g1")
        let refused = await refusal { _ = try await issuer(theirs) }
        #expect(refused?.code == .profileInvalid && refused?.remedy.contains("certs rotate") == true)
        #expect(try await issuer(theirs, replacing: ["kubernetes-ca"]) == "kubernetes-ca-g1")
    }

    @Test func `all that the next authority must sign is asked for before anything begins`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        _ = try await issuer(profile())
        let now = Int64(Date().timeIntervalSince1970)
        let looked = await refusal {
            try await CredentialStore(directory: "\(directory)/store", now: now, dryRun: true)
                .requireAnswers([.kubernetes], authorities: [theirs], leaves: [leaf, canary])
        }
        #expect(looked?.remedy.hasPrefix("the same command with --apply writes") == true)
        let asked = await refusal {
            try await store().requireAnswers([.kubernetes], authorities: [theirs], leaves: [leaf, canary])
        }
        #expect(asked?.code == .requestsWaiting && asked?.reason.hasPrefix("2 certificates") == true)
        #expect(try store().trustState().rotation == nil)
        try outside.sign("\(folder)/ca-g2.csr")
        try await store().requireAnswers([.kubernetes], authorities: [theirs], leaves: [leaf, canary])
        _ = try store().begin([.kubernetes], authorities: [theirs], id: "r1")
        try move(to: .trustBoth)
        #expect(try await issuer(theirs) == "kubernetes-ca-g1")
        for generation in [1, 2] {
            let made = try await store().canary(canary, generation: generation, authority: theirs)
            let facts = try CertificateFacts(pem: try #require(made).certificate)
            #expect(facts.issuerName == (generation == 1 ? "kubernetes-ca-g1" : "their-ca"))
        }
        try move(to: .newLeaves)
        #expect(try await issuer(theirs) == "their-ca")
        #expect(try !store().hasKey("kubernetes-ca") && !exists("ca.key"))
        try move(to: .distrust)
        _ = try await issuer(theirs)
        let archive = try store().finish()
        #expect(FileManager.default.fileExists(atPath: "\(archive)/kubernetes-ca-g1.key"))
        #expect(try await issuer(theirs) == "their-ca")
        #expect(!exists("ca-g2.csr") && !exists("ca-g2.elsewhere"))
        let numbers = try store().generations(of: .kubernetes, profile: theirs).map(\.number)
        #expect(numbers == [1, 2])
    }

    @Test func `a next authority with its key at hand issues, and the key stays where it is`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        let keyed = profile(certificate: outside.certificate, key: outside.key)
        _ = try await issuer(profile())
        try await store().requireAnswers([.kubernetes], authorities: [keyed], leaves: [leaf, canary])
        _ = try store().begin([.kubernetes], authorities: [keyed], id: "r1")
        try move(to: .newLeaves)
        #expect(try await issuer(keyed) == "their-ca")
        #expect(!exists("ca.key") && !exists("ca-g2.key"))
        try move(to: .trustBoth)
        #expect(try await issuer(keyed) == "kubernetes-ca-g1" && exists("ca.key"))
    }

    @Test func `an authority without its key is replaced, and the way back has what it had issued`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        _ = try await issuer(profile())
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/apiserver@c0.crt"))
        try FileManager.default.removeItem(atPath: "\(folder)/ca.key")
        let lost = await refusal { _ = try await issuer(profile()) }
        #expect(lost?.code == .authorityKeyMissing)
        #expect(try await issuer(profile(), replacing: ["kubernetes-ca"]) == "kubernetes-ca-g1")
        // Nobody can issue it again, so it stays in its last third.
        #expect(try await issuer(profile(), replacing: ["kubernetes-ca"], later: 70_000) == "kubernetes-ca-g1")
        _ = try store().begin([.kubernetes], authorities: [profile()], id: "r1")
        try move(to: .trustBoth)
        #expect(try await issuer(profile()) == "kubernetes-ca-g1")
        #expect(try await issuer(profile(), later: 70_000) == "kubernetes-ca-g1")
        #expect(try await store().canary(canary, generation: 1, authority: profile()) == nil)
        #expect(try store().keptLeaf("apiserver@c0", of: .kubernetes) != nil)
        try move(to: .newLeaves)
        #expect(try await issuer(profile()) == "kubernetes-ca-g2")
        try move(to: .trustBoth)
        #expect(try await issuer(profile()) == "kubernetes-ca-g1")
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/apiserver@c0.crt")) == before)
        try move(to: .distrust)
        #expect(try await issuer(profile()) == "kubernetes-ca-g2")
        _ = try store().finish()
        #expect(try await issuer(profile()) == "kubernetes-ca-g2")
        #expect(exists("ca.key") && !exists("ca-g1.kept"))
    }

    @Test func `the authority in force is no next one`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        let keyed = profile(certificate: outside.certificate, key: outside.key)
        #expect(try await issuer(keyed) == "their-ca")
        let refused = await refusal {
            try await store().requireAnswers([.kubernetes], authorities: [theirs], leaves: [leaf])
        }
        #expect(refused?.remedy.contains("name the next authority's files") == true)
        #expect(throws: CredentialStoreError.self) {
            try store().begin([.kubernetes], authorities: [keyed], id: "r1")
        }
        #expect(try store().trustState().rotation == nil)
    }

    @Test func `what an aborted beginning left behind is of no account`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        _ = try await issuer(profile())
        for name in ["ca-g1.elsewhere", "ca-g2.elsewhere"] {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        _ = try store().begin([.kubernetes], authorities: [profile()], id: "r1")
        try move(to: .newLeaves)
        #expect(try await issuer(profile()) == "kubernetes-ca-g2" && exists("ca.key"))
        try move(to: .oldOnly)
        #expect(try await issuer(profile()) == "kubernetes-ca-g1")
        _ = try store().finish()
        #expect(exists("ca.key"))
    }

    @Test func `a key that is put back in the middle counts again`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        _ = try await issuer(profile())
        let key = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/ca.key"))
        try FileManager.default.removeItem(atPath: "\(folder)/ca.key")
        _ = try store().begin([.kubernetes], authorities: [profile()], id: "r1")
        try move(to: .trustBoth)
        try key.write(to: URL(fileURLWithPath: "\(folder)/ca.key"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder)/ca.key")
        _ = try await issuer(profile())
        #expect(try store().hasKey("kubernetes-ca") && exists("ca-g1.key") && !exists("ca-g1.elsewhere"))
        #expect(try await store().canary(canary, generation: 1, authority: profile()) != nil)
    }

    @Test func `whatever a certificate's file looks like, the store writes it as its own`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        let keyed = profile(certificate: outside.certificate, key: outside.key)
        let text = try String(contentsOfFile: "\(directory)/ca.crt", encoding: .utf8)
        let odd = text.replacing("\n", with: "\r\n").trimmingCharacters(in: .whitespacesAndNewlines)
        try odd.write(toFile: "\(directory)/ca.crt", atomically: true, encoding: .utf8)
        #expect(try await issuer(keyed) == "their-ca")
        #expect(try String(contentsOfFile: "\(folder)/ca.crt", encoding: .utf8) == text)
    }

    @Test func `the same key under another name is no next authority`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        _ = try await issuer(profile(certificate: outside.certificate, key: outside.key))
        try OutsideAuthority.shell(
            """
            cd \(directory); openssl req -x509 -key ca.key -out other.crt -days 30 -subj /CN=their-ca-again \\
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
            """
        )
        let again = profile(certificate: "\(directory)/other.crt", key: "\(directory)/ca.key")
        let refused = await refusal {
            try await store().requireAnswers([.kubernetes], authorities: [again], leaves: [leaf, canary])
        }
        #expect(refused?.remedy.contains("a key of its own") == true)
    }

    @Test func `what is asked for after an end that was cut off stays until it is used`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        _ = try await issuer(profile())
        var state = try store().trustState()
        state.ended = Rotation(id: "r0", roots: [.kubernetes], phase: .oldOnly, started: 0)
        try store().move(to: state)
        let asked = await refusal {
            try await store().requireAnswers([.kubernetes], authorities: [theirs], leaves: [leaf])
        }
        #expect(asked?.code == .requestsWaiting)
        try outside.sign("\(folder)/ca-g2.csr")
        _ = try store().begin([.kubernetes], authorities: [theirs], id: "r1")
        try move(to: .newLeaves)
        #expect(try await issuer(theirs) == "their-ca")
    }

    @Test func `a key that comes with the next authority issues nothing until that one is in force`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try outside.make()
        let keyed = profile(certificate: outside.certificate, key: outside.key)
        _ = try await issuer(profile())
        #expect(try store().canIssue(profile()))
        try FileManager.default.removeItem(atPath: "\(folder)/ca.key")
        #expect(try !store().canIssue(profile()) && !store().canIssue(keyed))
        _ = try store().begin([.kubernetes], authorities: [keyed], id: "r1")
        try move(to: .trustBoth)
        #expect(try !store().canIssue(keyed))
        try move(to: .newLeaves)
        #expect(try store().canIssue(keyed))
    }
}
