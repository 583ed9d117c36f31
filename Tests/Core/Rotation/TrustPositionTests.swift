import PKI
import ProvisionCore
import Templates
import Testing

@Suite struct TrustPositionTests {
    private static let old: Set<Int> = [1]
    private static let both: Set<Int> = [1, 2]
    private static let new: Set<Int> = [2]

    private func sight(
        _ host: String,
        _ accepted: [Set<Int>],
        by issuing: Set<Int>,
        strangers: [String] = []
    ) -> TrustPosition.Sight {
        .init(host: host, root: .kubernetes, accepted: accepted, issuing: issuing, strangers: strangers)
    }

    private func state(_ phase: RotationPhase?, isBack: Bool = false) -> TrustState {
        var state = TrustState()
        guard let phase else { return state }
        state.rotation = Rotation(id: "r", roots: [.kubernetes], phase: phase, started: 0)
        state.rotation?.isRollingBack = isBack
        return state
    }

    /// Every host alike, by the phase that it is in.
    private func hosts(_ phase: RotationPhase) -> [TrustPosition.Sight] {
        let (accepted, issuing): (Set<Int>, Set<Int>) =
            switch phase {
            case .oldOnly: (Self.old, Self.old)
            case .trustBoth: (Self.both, Self.old)
            case .newLeaves: (Self.both, Self.new)
            case .distrust: (Self.new, Self.new)
            }
        return ["a", "b"].map { sight($0, [accepted], by: issuing) }
    }

    private static let pairs = RotationPhase.allCases.flatMap { store in
        RotationPhase.allCases.map { (store, $0) }
    }

    @Test(arguments: pairs)
    func `a store goes to where all hosts stand, unless it is there or one step ahead`(
        _ store: RotationPhase,
        _ shown: RotationPhase
    ) {
        let decision = TrustPosition(sights: hosts(shown)).decide(state(store))
        if shown == store || shown.next == store {
            #expect(decision == .agrees)
        } else {
            #expect(
                decision == .move(shown, why: "the store says \(store.rawValue), hosts are at \(shown.rawValue)")
            )
        }
    }

    @Test func `on the way back hosts may be one step behind`() {
        #expect(TrustPosition(sights: hosts(.newLeaves)).decide(state(.trustBoth, isBack: true)) == .agrees)
        #expect(
            TrustPosition(sights: hosts(.newLeaves)).decide(state(.oldOnly, isBack: true))
                == .move(.newLeaves, why: "the store says old-only, hosts are at new-leaves")
        )
    }

    @Test func `hosts in the middle of a step take the store to its end`() {
        let middle = hosts(.newLeaves) + [sight("c", [Self.both, Self.new], by: Self.new)]
        #expect(
            TrustPosition(sights: middle).decide(state(.trustBoth))
                == .move(.distrust, why: "the store says trust-both, hosts are between new-leaves and distrust")
        )
        #expect(TrustPosition(sights: middle).decide(state(.distrust)) == .agrees)
    }

    @Test func `hosts that are further apart than a step are named`() {
        let apart = hosts(.distrust) + [sight("c", [Self.old], by: Self.old)]
        guard case .refuse(let why) = TrustPosition(sights: apart).decide(state(.distrust)) else {
            Issue.record("was not refused")
            return
        }
        #expect(why.contains("c is at old-only of this rotation"))
    }

    @Test func `a store that has not seen whom hosts trust is refused`() {
        let seen = [sight("a", [[1]], by: [1], strangers: ["kubernetes-ca-g2 (serial 00)"])]
        for state in [state(nil), state(.trustBoth)] {
            #expect(
                TrustPosition(sights: seen).decide(state)
                    == .refuse(why: ["a trusts kubernetes-ca-g2 (serial 00) as kubernetes-ca"])
            )
        }
    }

    @Test func `without a rotation every host must accept what is in force`() {
        #expect(TrustPosition(sights: hosts(.trustBoth)).decide(state(nil)) == .agrees)
        var settled = state(nil)
        settled.generations = ["kubernetes-ca": 2]
        #expect(TrustPosition(sights: hosts(.newLeaves)).decide(settled) == .agrees)
        #expect(
            TrustPosition(sights: [sight("a", [[1]], by: [1])]).decide(settled)
                == .refuse(why: ["a trusts only generation 1 of kubernetes-ca; the store's is 2"])
        )
    }

    @Test(arguments: ["", "garbage", "-----BEGIN_CERTIFICATE-----,MIIB"])
    func `a damaged file is no evidence of another time`(_ word: String) throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let host = try #require(spec.hosts.first { $0.name == "worker-0" })
        let inspection = CertificateInspection(spec: spec, host: host)
        let answer = try #require(inspection.answer("trust 0 \(word)\nend"))
        let sights = TrustReading(known: [:]).sights(inspection, answer, host: host.name)
        #expect(sights == [] && !answer.trust.isEmpty)
        for state in [state(nil), state(.newLeaves)] {
            #expect(TrustPosition(sights: sights).decide(state) == .agrees)
        }
    }

    private static let shownKeys: [(String, String?)] = [
        ("key1=OWN", nil), ("key1=OTHER", "another key1 than the store's"),
        ("key3=OWN", "the store's key1 under the name key3"), ("key3=OTHER", "key3"),
    ]

    @Test(arguments: shownKeys)
    func `an encryption key is known by its name and by its bytes`(_ shown: String, _ stranger: String?) throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let host = try #require(spec.hosts(.controller).first)
        let inspection = CertificateInspection(spec: spec, host: host)
        let index = try #require(inspection.trustFiles.firstIndex { $0.form == .names })
        let own = [UInt8](repeating: 1, count: 32)
        let word = shown.replacing("OWN", with: SHA256Digest.hex(of: own))
            .replacing("OTHER", with: SHA256Digest.hex(of: [9]))
        let answer = try #require(inspection.answer("trust \(index) \(word),, 600\nend"))
        let known = [TrustRoot.encryption: [KnownGeneration(number: 1, open: [], secret: Secret(own))]]
        let sights = TrustReading(known: known).sights(inspection, answer, host: host.name)
        #expect(sights.flatMap(\.strangers) == [stranger].compactMap(\.self))
        let why = stranger.map { "\(host.name) trusts \($0) as encryption-key" }
        let decision = TrustPosition(sights: sights).decide(TrustState())
        #expect(decision == (why.map { .refuse(why: [$0]) } ?? .agrees))
    }

    @Test func `what hosts hold is read by the generations of the store`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let materials = sample.materials
        let other = try await SamplePlan.make("lab.yaml").materials
        let host = try #require(sample.spec.hosts.first { $0.name == "controller-0" })
        let inspection = CertificateInspection(spec: sample.spec, host: host)
        func word(_ bytes: [UInt8]) -> String {
            String(decoding: bytes, as: UTF8.self).replacing("\n", with: ",").replacing(" ", with: "_")
        }
        var lines: [String] = []
        for (index, file) in inspection.trustFiles.enumerated() {
            switch (file.root, file.form) {
            case (.serviceAccount, .digest):
                lines.append("trust \(index) \(SHA256Digest.hex(of: materials.serviceAccountKey.reveal()))")
            case (.serviceAccount, _): lines.append("trust \(index) \(word(materials.serviceAccountPublicKey))")
            case (.encryption, _):
                lines.append("trust \(index) key2=\(SHA256Digest.hex(of: [2])),key1=\(SHA256Digest.hex(of: [1])),,")
            case (.etcd, _): lines.append("trust \(index) \(word(other.authorities["etcd-ca"] ?? []))")
            default:
                let old = materials.authorities[file.root.rawValue] ?? []
                lines.append("trust \(index) \(word(old + (other.authorities[file.root.rawValue] ?? [])))")
            }
        }
        for (index, entry) in inspection.entries.enumerated() {
            lines.append("pem \(index) \(word(materials.leaves[entry.identifier]?.certificate ?? []))")
        }
        let answer = try #require(inspection.answer((lines + ["end"]).joined(separator: "\n")))
        func generation(_ number: Int, _ open: [UInt8], _ secret: [UInt8] = []) -> KnownGeneration {
            KnownGeneration(number: number, open: open, secret: Secret(secret))
        }
        var known: [TrustRoot: [KnownGeneration]] = [
            .serviceAccount: [
                generation(1, materials.serviceAccountPublicKey, materials.serviceAccountKey.reveal())
            ],
            .encryption: [generation(1, [], [1]), generation(2, [], [2])],
            .etcd: [generation(1, materials.authorities["etcd-ca"] ?? [])],
        ]
        for root in [TrustRoot.kubernetes, .frontProxy] {
            known[root] = [
                generation(1, materials.authorities[root.rawValue] ?? []),
                generation(2, other.authorities[root.rawValue] ?? []),
            ]
        }
        let sights = TrustReading(known: known).sights(inspection, answer, host: "controller-0")
        let outline = sights.map { "\($0.root.rawValue) \($0.accepted.map { $0.sorted() }) \($0.issuing.sorted())" }
        #expect(
            outline == [
                "kubernetes-ca [[1, 2]] [1]", "etcd-ca [[]] [1]", "front-proxy-ca [[1, 2]] [1]",
                "service-account [[1]] [1]", "encryption-key [[1, 2]] [2]",
            ]
        )
        #expect(sights[1].strangers.count == 1 && sights[1].strangers[0].hasPrefix("etcd-ca-g1 (serial "))
    }
}
