import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

/// Processes that read a pair once.
@Suite struct ReaderTests {
    private struct Case {
        var entry: CatalogCertificate
        var stored: CertificateJudge.Stored
        var inspection: CertificateInspection
        var index: Int
    }

    private func make() async throws -> Case {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let catalog = CertificateCatalog.certificates(of: sample.spec)
        let entry = try #require(catalog.first { $0.role == "haproxy-check" })
        let pair = try #require(sample.materials.leaves[entry.identifier])
        let host = try #require(sample.spec.hosts.first { $0.name == entry.host })
        let inspection = CertificateInspection(host: host, spec: sample.spec, catalog: catalog)
        return Case(
            entry: entry,
            stored: try .init(
                entry,
                certificate: pair.certificate,
                key: pair.key.reveal(),
                decision: .keep(daysLeft: 100)
            ),
            inspection: inspection,
            index: try #require(inspection.entries.firstIndex { $0.identifier == entry.identifier })
        )
    }

    @Test(arguments: [(Int64(500), false), (1_010, false), (1_061, true)])
    func `a process that is older than its pair is named`(_ written: Int64, _ isOld: Bool) async throws {
        let it = try await make()
        let digest = it.stored.certificateDigest
        let output = """
            cert \(it.index) 600 root:root \(digest)
            key \(it.index) 600 root:root \(digest)
            reader \(it.index) haproxy.service \(written) 1000
            end
            """
        let judge = CertificateJudge(
            stored: [it.entry.identifier: it.stored],
            now: Int64(Date().timeIntervalSince1970),
            within: nil,
            inventory: "i.yaml"
        )
        let answer: CertificateAnswer? = it.inspection.answer(output)
        #expect(answer != nil)
        let findings = judge.findings(it.entry, answer)
        #expect(findings.map(\.kind) == (isOld ? [.usesOld] : []))
        guard let finding = findings.first else { return }
        #expect(finding.kind.preventsUse)
        #expect(finding.text.hasPrefix("haproxy.service on \(it.entry.host ?? "") has not read"))
        #expect(finding.remedy.contains("certs renew --certificate \(it.entry.identifier) i.yaml"))
    }

    /// What follows its files by itself is not asked for: an older process is no mistake there.
    @Test func `only who reads a pair once is asked when it began`() async throws {
        let catalog = CertificateCatalog.certificates(of: try SamplePlan.spec("lab-debian.yaml"))
        let once = Set(catalog.filter { !$0.readersOnce.isEmpty }.map(\.role))
        #expect(once == ["haproxy-check"])
        let it = try await make()
        let question = "reader \(it.index) haproxy.service \(it.entry.certificatePath)"
        #expect(it.inspection.script.contains(question) && !it.inspection.diskScript.contains(question))
    }

    @Test(arguments: [true, false])
    func `a host says when a file was written and its reader began`(_ isRunning: Bool) async throws {
        let it = try await make()
        let path = NSTemporaryDirectory() + "provision-reader-" + UUID().uuidString
        try Data("pem".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let stamp = Date(timeIntervalSince1970: 1_700_000_000)
        try FileManager.default.setAttributes([.modificationDate: stamp], ofItemAtPath: path)
        let questions = it.inspection.script.replacing(it.entry.certificatePath, with: path).split(separator: "\n")
            .filter { !$0.hasPrefix("shown ") }.joined(separator: "\n")
        let output = try LocalShell.run("systemctl() { echo \(isRunning ? "$$" : "0"); }\n" + questions).text
        let readers = try #require(it.inspection.answer(output)?.pairs[it.entry.identifier]).readers
        #expect(readers.map(\.unit) == (isRunning ? ["haproxy.service"] : []))
        #expect(readers.allSatisfy { $0.written == 1_700_000_000 && $0.began > $0.written }, "\(readers)")
    }
}
