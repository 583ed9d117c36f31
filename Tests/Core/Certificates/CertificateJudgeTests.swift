import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

@Suite struct CertificateJudgeTests {
    private static let identifier = "kubelet-serving@worker-0"

    /// One certificate of a sample, as issued, and as its host answers where all is well.
    private struct Case {
        var entry: CatalogCertificate
        var judge: CertificateJudge
        var answer: CertificateAnswer
        var inspection: CertificateInspection
        var other: CertificateJudge.Stored
        var facts: CertificateFacts
    }

    private func make(after days: Int64 = 0, within: Int64? = 30 * 86_400) async throws -> Case {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let catalog = CertificateCatalog.certificates(of: sample.spec)
        var stored: [String: CertificateJudge.Stored] = [:]
        for entry in catalog {
            let pair = try #require(sample.materials.leaves[entry.identifier])
            stored[entry.identifier] = try .init(
                entry,
                certificate: pair.certificate,
                key: pair.key.reveal(),
                decision: .keep(daysLeft: 100)
            )
        }
        let host = try #require(sample.spec.hosts.first { $0.name == "worker-0" })
        let inspection = CertificateInspection(spec: sample.spec, host: host)
        let index = try #require(inspection.entries.firstIndex { $0.identifier == Self.identifier })
        let own = try #require(stored[Self.identifier])
        let pem = String(decoding: sample.materials.leaves[Self.identifier]?.certificate ?? [], as: UTF8.self)
        let word = pem.replacing("\n", with: ",").replacing(" ", with: "_")
        let output = """
            cert \(index) 644 root:root \(own.certificateDigest)
            key \(index) 600 root:root \(own.keyDigest)
            pem \(index) \(word)
            pair \(index) yes
            live 0 \(word)
            end
            """
        return Case(
            entry: inspection.entries[index],
            judge: CertificateJudge(
                stored: stored,
                now: Int64(Date().timeIntervalSince1970) + days * 86_400,
                within: within,
                inventory: "i.yaml"
            ),
            answer: try #require(inspection.answer(output)),
            inspection: inspection,
            other: try #require(stored["kubelet-client@worker-0"]),
            facts: own.facts
        )
    }

    private func kinds(_ it: Case) -> [String] { it.judge.findings(it.entry, it.answer).map(\.kind.rawValue) }

    @Test func `what is as issued in all three places is well`() async throws {
        let it = try await make()
        #expect(kinds(it) == [] && it.judge.silent(it.inspection, it.answer) == [])
    }

    @Test func `an end that is near, and one that is past, are named`() async throws {
        #expect(kinds(try await make(after: 160)) == ["expires-soon"])
        #expect(kinds(try await make(after: 200)) == ["expired"])
    }

    @Test(arguments: [(Int64(10), false), (25, true)])
    func `a month's certificate is near its end in its last third`(_ days: Int64, _ isNear: Bool) async throws {
        let it = try await make(after: days, within: nil)
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let admin = try #require(CertificateCatalog.certificates(of: spec).first { $0.identifier == "admin" })
        #expect(it.judge.findings(admin, nil).contains { $0.kind == .expiresSoon } == isNear)
        #expect(kinds(it) == [])
    }

    @Test func `an authority that ends is named, and a leaf that ends with it is not to be renewed`() async throws {
        let it = try await make(after: 160)
        let judge = CertificateJudge(
            stored: it.judge.stored,
            now: it.judge.now,
            within: nil,
            inventory: "i.yaml",
            authorityEnds: ["kubernetes-ca": it.facts.notAfter]
        )
        let remedies = judge.findings(it.entry, it.answer).map(\.remedy)
        #expect(remedies.allSatisfy { $0.hasPrefix("provision certs rotate ca i.yaml") } && !remedies.isEmpty)
        #expect(judge.authority("etcd-ca", it.facts)?.kind == .expiresSoon)
        let late = try await make(after: 200)
        #expect(late.judge.authority("etcd-ca", it.facts)?.remedy == "provision certs rotate --offline i.yaml")
        #expect(try await make().judge.authority("etcd-ca", it.facts) == nil)
    }

    @Test func `each way to be wrong on disk has its name`() async throws {
        let good = try await make()
        func edited(_ edit: (inout CertificateAnswer.Pair) -> Void) throws -> [String] {
            var it = good
            var pair = try #require(it.answer.pairs[Self.identifier])
            edit(&pair)
            it.answer.pairs[Self.identifier] = pair
            return kinds(it)
        }
        #expect(try edited { $0.key?.mode = "644" } == ["wrong-mode"])
        #expect(try edited { $0.key = nil } == ["missing-on-host"])
        #expect(try edited { $0.certificate?.sha256 = good.other.certificateDigest } == ["swapped"])
        #expect(
            try edited {
                $0.certificate?.sha256 = "0"
                $0.isPair = false
            } == ["not-a-pair"]
        )
        #expect(
            try edited {
                $0.certificate?.sha256 = "0"; $0.facts = nil
            } == ["replaced-by-hand"]
        )
        #expect(try edited { $0.certificate?.sha256 = "0" } == ["not-applied"])
    }

    @Test func `a process that serves what was before, and one that serves something else`() async throws {
        var it = try await make()
        let endpoint = try #require(it.answer.live.keys.first)
        it.answer.live[endpoint] = it.other.facts
        #expect(kinds(it) == ["serves-old"])
        it.answer.live[endpoint] = try #require(it.judge.stored["admin"]).facts
        #expect(kinds(it) == ["serves-other"])
        it.answer.live = [:]
        #expect(it.judge.silent(it.inspection, it.answer).map(\.kind) == [.notServing])
    }

    @Test func `an answer that was cut off is none, and a host without one is named`() async throws {
        let it = try await make()
        #expect(it.inspection.answer("cert 0 644 root:root 00") == nil)
        #expect(it.judge.findings(it.entry, nil).map(\.kind) == [.hostNotReached])
    }

    @Test func `a collector reads an end and each problem`() {
        let row = PrometheusText.Row(
            identifier: "a@b",
            host: "b",
            issuer: "c\"d",
            notAfter: 9,
            findings: [.init(.expired, "", remedy: "")]
        )
        let text = PrometheusText.render([row], cluster: "k", now: 5)
        let labels = #"cluster="k",certificate="a@b",host="b",issuer="c\"d""#
        #expect(text.contains("provision_certificate_not_after_seconds{\(labels)} 9\n"))
        #expect(text.contains("provision_certificate_problem{\(labels),problem=\"expired\"} 1\n"))
    }

    @Test func `a graph leads from an authority to what reads its certificates`() throws {
        let graph = CertificateGraph(spec: try SamplePlan.spec("lab-debian.yaml"))
        #expect(graph.text(.dot).contains(#""etcd-ca" -> "etcd-peer@controller-0" [label="issues"];"#))
        #expect(
            graph.text(.mermaid).contains(#"-->|is read by| etcd_service_controller_0["etcd.service@controller-0"]"#)
        )
    }

    @Test func `every certificate is explained with what its end would mean`() throws {
        let catalog = CertificateCatalog.certificates(of: try SamplePlan.spec("lab-debian.yaml"))
        for entry in catalog {
            let text = CertificateExplanation.fields(of: entry).map(\.line).joined(separator: "\n")
            #expect(text.contains("CN=\(entry.subject.commonName)") && text.contains("\nended     "))
        }
    }

    @Test func `an end that is near hides no difference from what is wanted`() async throws {
        let it = try await make(after: 160)
        var stored = it.judge.stored
        stored[Self.identifier]?.decision = .issue(reason: "SAN DNS:b is missing")
        let judge = CertificateJudge(stored: stored, now: it.judge.now, within: it.judge.within, inventory: "i.yaml")
        #expect(judge.findings(it.entry, it.answer).map(\.kind) == [.expiresSoon, .outdatedProfile])
    }

    @Test func `what is for later, or for the next apply, does not speak against a renewal`() {
        let later: [CertificateFinding.Kind] = [.expiresSoon, .outdatedProfile, .otherAuthority, .wrongMode]
        let now: [CertificateFinding.Kind] = [.expired, .notApplied, .servesOld, .missingOnHost, .hostNotReached]
        #expect(later.allSatisfy { !$0.preventsUse } && now.allSatisfy(\.preventsUse))
    }

    /// A controller whose files of trust are as `edit` says; what is wrong with them.
    private func keys(_ sample: SamplePlan, _ edit: (TrustFile) -> String?) throws -> [String] {
        let host = try #require(sample.spec.hosts(.controller).first)
        let inspection = CertificateInspection(spec: sample.spec, host: host)
        let judge = CertificateJudge(stored: [:], now: 0, within: nil, inventory: "i.yaml")
        let lines = inspection.trustFiles.enumerated().compactMap { index, file in
            edit(file).map { "trust \(index) \($0)" }
        }
        let answer = try #require(inspection.answer((lines + ["end"]).joined(separator: "\n")))
        return judge.keys(inspection, answer, known: ["aa"]).map { "\($0.kind.rawValue) \($0.text)" }
    }

    private func well(_ sample: SamplePlan, _ file: TrustFile) -> String {
        switch file.form {
        case .bundle:
            let bytes = sample.materials.authorities[file.root.rawValue] ?? sample.materials.serviceAccountPublicKey
            return String(decoding: bytes, as: UTF8.self).replacing("\n", with: ",").replacing(" ", with: "_")
        case .digest: return "aa 600"
        case .names: return "key1=aa,, 600"
        }
    }

    @Test func `keys are certificates' equals: gone, open to others, or nobody's`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        func findings(_ edit: (TrustFile) -> String?) throws -> [String] { try keys(sample, edit) }
        #expect(try findings { well(sample, $0) } == [])
        let key = "/etc/kubernetes/pki/sa.key"
        #expect(try findings { $0.path == key ? nil : well(sample, $0) } == ["missing-on-host \(key) is missing"])
        #expect(
            try findings { $0.path == key ? "aa 644" : well(sample, $0) } == [
                "wrong-mode \(key) has mode 644, others may read it"
            ]
        )
        #expect(
            try findings { $0.path == key ? "bb 600" : well(sample, $0) } == [
                "replaced-by-hand \(key) is no key that this store has ever had"
            ]
        )
    }

    @Test func `a file of trust that was emptied or cut off is named`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let path = "/etc/kubernetes/pki/ca.crt"
        let whole = well(sample, TrustFile(.kubernetes, path))
        let named = ["unreadable \(path) is empty, cut off or damaged"]
        let start = String(whole.prefix(200))
        for word in ["", "garbage", start, whole + start, whole.replacing("M", with: "!")] {
            #expect(try keys(sample) { $0.path == path ? word : well(sample, $0) } == named, "\(word)")
        }
        for word in [", 600", "key1,, 600"] {
            let found = try keys(sample) { $0.form == .names ? word : well(sample, $0) }
            #expect(found.count == 1 && found[0].hasPrefix("unreadable "), "\(word): \(found)")
        }
    }
}
