import Foundation
import PKI
import Templates
import Testing

@Suite struct RotationTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-rotation-" + UUID().uuidString
    private let authorities = [AuthorityProfile(name: "kubernetes-ca", lifetime: 10 * 365 * 86_400)]
    private let profile = CertificateProfile(
        identifier: "apiserver@c0",
        issuer: "kubernetes-ca",
        commonName: "kube-apiserver",
        usages: [.serverAuth],
        alternativeNames: [.dns("a.example")],
        lifetime: 180 * 86_400
    )
    private let roots: [TrustRoot] = [.kubernetes, .serviceAccount, .encryption]

    private func store(dryRun: Bool = false, passphrase: String? = nil) -> CredentialStore {
        CredentialStore(
            directory: directory,
            passphrase: passphrase.map { Secret($0) },
            now: Self.now,
            dryRun: dryRun
        )
    }

    private func credentials() async throws -> Credentials {
        try await store().credentials(authorities: authorities, leaves: [profile])
    }

    private func clean() { try? FileManager.default.removeItem(atPath: directory) }

    /// What is in force, in one line: authorities and keys accepted, who issued the leaf, the order of encryption keys.
    private func outline() async throws -> String {
        let it = try await credentials()
        let bundle = String(decoding: it.authorities["kubernetes-ca"] ?? [], as: UTF8.self)
        let names = try bundle.split(separator: "-----BEGIN").map {
            try CertificateFacts(pem: Array("-----BEGIN\($0)".utf8)).commonName.suffix(2)
        }
        let leaf = try CertificateFacts(pem: it.leaves["apiserver@c0"]?.certificate ?? [])
        let tokens = String(decoding: it.serviceAccountPublicKey, as: UTF8.self).split(separator: "-----BEGIN").count
        let encryption = it.encryptionKeys.map { String($0.generation) }
        return
            "\(names.joined(separator: "+")) by \(leaf.issuerName.suffix(2)), \(tokens) token keys, encrypts \(encryption.joined(separator: "+"))"
    }

    private func move(to phase: RotationPhase) throws {
        var state = try store().trustState()
        state.rotation?.phase = phase
        try store().move(to: state)
    }

    @Test func `each phase has its bundles, its issuer and its keys`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin(roots, authorities: authorities, id: "r1")
        #expect(try await outline() == "g1 by g1, 1 token keys, encrypts 1")
        try move(to: .trustBoth)
        #expect(try await outline() == "g1+g2 by g1, 2 token keys, encrypts 1+2")
        try move(to: .newLeaves)
        #expect(try await outline() == "g1+g2 by g2, 2 token keys, encrypts 2+1")
        try move(to: .distrust)
        #expect(try await outline() == "g2 by g2, 1 token keys, encrypts 2")
        let archive = try store().finish()
        #expect(try await outline() == "g2 by g2, 1 token keys, encrypts 2")
        #expect(
            try store().trustState().generations == ["kubernetes-ca": 2, "service-account": 2, "encryption-key": 2]
        )
        #expect(FileManager.default.fileExists(atPath: archive + "/kubernetes-ca-g1.key"))
        #expect(!FileManager.default.fileExists(atPath: directory + "/pki/kubernetes-ca/ca-g1.key"))
    }

    @Test func `old private keys can be kept by nobody, but for those that old snapshots need`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin(roots, authorities: authorities, id: "r1", asked: .init(destroyOld: "a leak"))
        for phase in [RotationPhase.trustBoth, .newLeaves, .distrust] { try move(to: phase) }
        let archive = directory + "/archive/r1"
        try FileManager.default.createDirectory(atPath: archive, withIntermediateDirectories: true)
        // What an end that was cut off before this was asked for had put away.
        try Data([1]).write(to: URL(fileURLWithPath: archive + "/kubernetes-ca-g1.key"))
        #expect(try store().finish() == archive)
        let names = try FileManager.default.contentsOfDirectory(atPath: archive).sorted()
        #expect(names.contains("kubernetes-ca-g1.crt") && !names.contains("kubernetes-ca-g1.key"))
        #expect(!names.contains("service-account-g1.key") && names.contains("encryption-key-g1.key"))
        #expect(try await outline() == "g2 by g2, 1 token keys, encrypts 2")
    }

    /// The end was cut off after the state was written: a private key is left, and the record lacks its last line.
    private func cutOff(_ phase: RotationPhase, leaving name: String) throws {
        var state = try store().trustState()
        var rotation = Rotation(id: "r1", roots: roots, phase: phase, started: 0)
        rotation.asked = .init(destroyOld: "a leak")
        state.ended = rotation
        try store().move(to: state)
        try Data([1]).write(to: URL(fileURLWithPath: "\(directory)/pki/kubernetes-ca/\(name)"))
    }

    @Test(arguments: [(RotationPhase.distrust, "done"), (.oldOnly, "taken back")])
    func `an end that was cut off is done by whoever goes on`(_ phase: RotationPhase, _ word: String) async throws {
        defer { clean() }
        _ = try await credentials()
        try cutOff(phase, leaving: "ca-g1.key")
        let line = try #require(try store().conclude())
        let archive = "\(directory)/archive/r1"
        #expect(line == "r1: \(word); what is not in force is in \(archive), without private keys (a leak)")
        #expect(!FileManager.default.fileExists(atPath: directory + "/pki/kubernetes-ca/ca-g1.key"))
        #expect(store().recordedRotations.contains(line))
        #expect(try store().conclude() == nil && store().trustState() == TrustState())
    }

    @Test func `whoever rotates anew does first what an end that was cut off left`() async throws {
        defer { clean() }
        _ = try await credentials()
        try cutOff(.distrust, leaving: "ca-g7.key")
        let state = try store().begin([.serviceAccount], authorities: authorities, id: "r2")
        #expect(state.ended == nil && state.rotation?.id == "r2")
        #expect(!FileManager.default.fileExists(atPath: directory + "/pki/kubernetes-ca/ca-g7.key"))
        #expect(store().recordedRotations.contains("r1: done"))
    }

    @Test func `a rotation that ends leaves one last line and nothing to do`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin(roots, authorities: authorities, id: "r1")
        try move(to: .distrust)
        _ = try store().finish()
        #expect(store().recordedRotations.split(separator: "\n").filter { $0.contains("r1: done") }.count == 1)
        #expect(try store().conclude() == nil && store().trustState().ended == nil)
    }

    @Test func `what was asked for is kept, and a state without it is read`() async throws {
        defer { clean() }
        _ = try await credentials()
        let asked = Rotation.Asked(until: .newLeaves, noSoak: "a test", destroyOld: "a leak", restartsPods: true)
        _ = try store().begin(roots, authorities: authorities, id: "r1", asked: asked)
        #expect(try store().trustState().rotation?.asked == asked)
        let old =
            #"{"generations":{},"rotation":{"id":"r0","isRollingBack":true,"phase":"trust-both","#
            + #""roots":["kubernetes-ca"],"started":1},"version":1}"#
        try Data(old.utf8).write(to: URL(fileURLWithPath: directory + "/rotation.json"))
        let state = try store().trustState()
        #expect(state.rotation?.isRollingBack == true && state.rotation?.asked == nil && state.ended == nil)
    }

    @Test func `what is asked for anew wins, and everything else stays`() {
        let before = Rotation.Asked(until: .newLeaves, noSoak: "a test", destroyOld: "a leak", restartsPods: true)
        #expect(before.updated(by: .init()) == before && before.updated(by: before) == before)
        #expect(Rotation.Asked().updated(by: before) == before)
        let slow = before.updated(by: .init(until: .distrust, soak: 7200))
        #expect(slow.soak == 7200 && slow.noSoak == nil && slow.until == .distrust && slow.destroyOld == "a leak")
        let quick = Rotation.Asked(soak: 7200).updated(by: .init(noSoak: "night"))
        #expect(quick.soak == 7200 && quick.noSoak == "night")
    }

    @Test func `a way back ends where it began`() async throws {
        defer { clean() }
        let before = try await credentials()
        _ = try store().begin(roots, authorities: authorities, id: "r1")
        for phase in [RotationPhase.trustBoth, .newLeaves, .trustBoth, .oldOnly] {
            try move(to: phase)
            _ = try await credentials()
        }
        _ = try store().finish()
        let after = try await credentials()
        #expect(after.authorities == before.authorities)
        #expect(after.serviceAccountPublicKey == before.serviceAccountPublicKey)
        #expect(after.encryptionKeys.map { $0.bytes.reveal() } == before.encryptionKeys.map { $0.bytes.reveal() })
        #expect(try store().trustState().settled(.kubernetes) == 1)
    }

    @Test func `a second rotation goes to the third generation`() async throws {
        defer { clean() }
        _ = try await credentials()
        for id in ["r1", "r2"] {
            _ = try store().begin([.kubernetes], authorities: authorities, id: id)
            try move(to: .distrust)
            _ = try store().finish()
        }
        #expect(try await outline().hasPrefix("g3 by g3"))
    }

    @Test func `after one that was taken back the generation in force is the one that is known`() async throws {
        defer { clean() }
        _ = try await credentials()
        for (id, end) in [("r1", RotationPhase.oldOnly), ("r2", .distrust)] {
            _ = try store().begin([.kubernetes], authorities: authorities, id: id)
            try move(to: end)
            _ = try store().finish()
        }
        let known = try store().generations(of: .kubernetes)
        #expect(known.map(\.number) == [1, 2])
        #expect(try await credentials().authorities["kubernetes-ca"] == known[1].open)
    }

    @Test func `one rotation at a time`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin([.kubernetes], authorities: authorities, id: "r1")
        #expect(throws: CredentialStoreError.self) {
            try store().begin([.serviceAccount], authorities: authorities, id: "r2")
        }
        let lock = try store().lockForRotation()
        #expect(throws: CredentialStoreError.self) { try store().lockForRotation() }
        withExtendedLifetime(lock) {}
    }

    @Test func `files with fixed names heal after a crash between two writes`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin([.kubernetes], authorities: authorities, id: "r1")
        let path = directory + "/pki/kubernetes-ca/ca.crt"
        let old = try Data(contentsOf: URL(fileURLWithPath: path))
        try move(to: .trustBoth)
        try old.write(to: URL(fileURLWithPath: path))
        let healed = try await credentials()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(healed.authorities["kubernetes-ca"] ?? []))
    }

    @Test func `a lost key of a generation is named, not replaced`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin([.kubernetes], authorities: authorities, id: "r1")
        try FileManager.default.removeItem(atPath: directory + "/pki/kubernetes-ca/ca-g1.key")
        await #expect(throws: CredentialStoreError.self) { try await credentials() }
    }

    @Test func `canaries are issued by the generation that is asked for`() async throws {
        defer { clean() }
        _ = try await credentials()
        _ = try store().begin([.kubernetes], authorities: authorities, id: "r1")
        for generation in [1, 2] {
            let leaf = try #require(
                try await store().canary(profile, generation: generation, authority: authorities[0])
            )
            #expect(try CertificateFacts(pem: leaf.certificate).issuerName == "kubernetes-ca-g\(generation)")
            let later = try #require(
                try await store().at(Self.now + 7200).canary(profile, generation: generation, authority: authorities[0])
            )
            #expect(try CertificateFacts(pem: later.certificate).notBefore == Self.now + 6900)
        }
    }

    @Test func `a copy of the store is encrypted and opens with openssl`() async throws {
        defer { clean() }
        let store = store(passphrase: "a secret")
        _ = try await store.credentials(authorities: authorities, leaves: [profile])
        let copy = try store.copy(named: "before")
        #expect(copy.isEncrypted)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["cms", "-decrypt", "-inform", "DER", "-in", copy.path, "-pwri_password", "a secret"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.contains("pki/kubernetes-ca/ca.key ") && text.contains("cluster-id 37\n"))
    }

    @Test func `a copy comes back as the store was, into an empty place only`() async throws {
        let rescued = directory + "-rescued"
        defer {
            clean()
            try? FileManager.default.removeItem(atPath: rescued)
        }
        let store = store(passphrase: "a secret")
        _ = try await store.credentials(authorities: authorities, leaves: [profile])
        let copy = try bytes(store.copy(named: "before").path)
        #expect(CredentialStore.isSealed(copy: copy))
        for wrong in [nil, Secret("another")] {
            #expect(throws: CredentialStoreError.self) {
                try CredentialStore.files(ofCopy: copy, named: "before", passphrase: wrong)
            }
        }
        let files = try CredentialStore.files(ofCopy: copy, named: "before", passphrase: Secret("a secret"))
        let target = CredentialStore(directory: rescued, now: Self.now)
        try target.restore(files)
        #expect(try target.files() == store.files())
        let mode = try FileManager.default.attributesOfItem(atPath: rescued)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(throws: CredentialStoreError.self) { try target.restore(files) }
    }

    @Test func `a copy opens with its code as a person types it, and one that is plain with nothing`() async throws {
        defer { clean() }
        _ = try await credentials()
        let code = try RecoveryCode.generate()
        let sealed = try bytes(store().copy(named: "sealed", code: code).path)
        let plain = try bytes(store().copy(named: "plain").path)
        let typed = Secret(code.text.reveal().lowercased().replacing("-", with: " "))
        let files = try CredentialStore.files(ofCopy: sealed, named: "sealed", passphrase: typed)
        #expect(!CredentialStore.isSealed(copy: plain) && CredentialStore.isSealed(copy: sealed))
        #expect(try CredentialStore.files(ofCopy: plain, named: "plain", passphrase: nil) == files)
        for damaged in [Array(plain.dropLast(3)), Array("nothing of the kind\n".utf8), []] {
            #expect(throws: CredentialStoreError.self) {
                try CredentialStore.files(ofCopy: damaged, named: "damaged", passphrase: nil)
            }
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}

@Suite struct RecoveryTests {
    private static let now: Int64 = 1_800_000_000
    private static let year: Int64 = 365 * 86_400
    private let directory = NSTemporaryDirectory() + "provision-recovery-" + UUID().uuidString
    private let authorities = ["kubernetes-ca", "etcd-ca"].map { AuthorityProfile(name: $0, lifetime: year) }

    private func store(_ now: Int64 = now) -> CredentialStore { CredentialStore(directory: directory, now: now) }
    private func clean() { try? FileManager.default.removeItem(atPath: directory) }

    @Test func `an authority that has ended is named, can be looked at, and is followed by the next generation alone`()
        async throws
    {
        defer { clean() }
        let profile = CertificateProfile(
            identifier: "a@b",
            issuer: "kubernetes-ca",
            commonName: "a",
            usages: [.clientAuth],
            lifetime: 86_400
        )
        _ = try await store().credentials(authorities: authorities, leaves: [profile])
        try store().shorten([authorities[0]], lifetime: 3600)
        try await store().renew([profile], authorities: authorities)
        let later = store(Self.now + 7200)
        #expect(try later.ended(authorities) == [.kubernetes])
        await #expect(throws: CredentialStoreError.self) {
            try await later.credentials(authorities: authorities, leaves: [profile])
        }
        let seen = try await later.inspect([profile], authorities: authorities)
        #expect(seen["a@b"]?.facts.notAfter == Self.now + 3600)
        #expect(try later.accepted(authorities[0]).map(\.commonName) == ["kubernetes-ca-g1"])
        var state = try later.begin([.kubernetes], authorities: authorities, id: "r")
        state.rotation?.phase = .trustBoth
        state.rotation?.recovery = .pending
        try later.move(to: state)
        #expect(try later.hasEnded(.kubernetes, generation: 1) && !later.hasEnded(.kubernetes, generation: 2))
        let credentials = try await later.credentials(authorities: authorities, leaves: [profile])
        let bundle = try CertificateFacts(pem: credentials.authorities["kubernetes-ca"] ?? [])
        #expect(bundle.commonName == "kubernetes-ca-g2")
        #expect(try later.generations(of: .kubernetes).map(\.number) == [1, 2])
        _ = try later.finish()
        #expect(try later.trustState().settled(.kubernetes) == 2)
        #expect(try later.generations(of: .kubernetes).map(\.number) == [1, 2])
        #expect(try later.generations(of: .etcd).map(\.number) == [1])
    }

    @Test func `an authority that ends while another is rotated joins it, and both go on alone`() async throws {
        defer { clean() }
        _ = try await store().credentials(authorities: authorities, leaves: [])
        _ = try store().begin([.etcd], authorities: authorities, id: "r")
        try store().shorten([authorities[0]], lifetime: 3600)
        let later = store(Self.now + 7200)
        #expect(try later.ended(authorities) == [.kubernetes])
        var state = try later.joined(by: [.kubernetes, .etcd], authorities: authorities)
        #expect(try later.trustState().rotation?.roots == [.etcd], "nothing is in force until somebody moves to it")
        state.rotation?.phase = .distrust
        state.rotation?.recovery = .pending
        try later.move(to: state)
        #expect(try later.ended(authorities) == [])
        let credentials = try await later.credentials(authorities: authorities, leaves: [])
        for name in ["kubernetes-ca", "etcd-ca"] {
            #expect(try CertificateFacts(pem: credentials.authorities[name] ?? []).commonName == "\(name)-g2")
        }
        _ = try later.finish()
        #expect(try later.trustState().generations == ["kubernetes-ca": 2, "etcd-ca": 2])
        #expect(try later.generations(of: .kubernetes).map(\.number) == [1, 2])
    }

    @Test func `many leaves are issued side by side, written whole, and read again`() async throws {
        defer { clean() }
        let profiles = (0..<40).map {
            CertificateProfile(
                identifier: "kubelet@w\($0)",
                issuer: "kubernetes-ca",
                commonName: "system:node:w\($0)",
                usages: [.clientAuth],
                lifetime: 86_400
            )
        }
        let first = try await store().credentials(authorities: authorities, leaves: profiles)
        let second = try await store().credentials(authorities: authorities, leaves: profiles)
        for profile in profiles {
            let leaf = try #require(second.leaves[profile.identifier])
            #expect(leaf.certificate == first.leaves[profile.identifier]?.certificate && !leaf.decision.isIssue)
            #expect(try CertificateFacts(pem: leaf.certificate).commonName == profile.commonName)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/pki/kubernetes-ca")
        #expect(files.count == 82 && files.allSatisfy { !$0.hasPrefix(".") })
        for file in files where file.hasSuffix(".key") {
            let path = "\(directory)/pki/kubernetes-ca/\(file)"
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        }
    }
}
