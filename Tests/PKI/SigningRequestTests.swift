import Foundation
import PKI
import Templates
import Testing

/// An authority whose key lies elsewhere, played by the openssl program.
@Suite struct SigningRequestTests {
    private let directory = NSTemporaryDirectory() + "provision-requests-" + UUID().uuidString
    private var requests: String { "\(directory)/store/pki/kubernetes-ca/requests" }
    private var theirs: OutsideAuthority { OutsideAuthority(directory: "\(directory)/elsewhere") }

    private let profile = CertificateProfile(
        identifier: "apiserver@c0",
        issuer: "kubernetes-ca",
        commonName: "kube-apiserver",
        organizations: ["ops"],
        usages: [.serverAuth],
        alternativeNames: [.dns("a.example"), .ip("10.0.0.1")],
        lifetime: 86_400
    )

    private var authority: AuthorityProfile {
        AuthorityProfile(name: "kubernetes-ca", lifetime: 1, broughtCertificate: theirs.certificate)
    }

    private func store(dryRun: Bool = false) -> CredentialStore {
        let now = Int64(Date().timeIntervalSince1970)
        return CredentialStore(directory: "\(directory)/store", now: now, dryRun: dryRun)
    }

    private func credentials() async throws -> Credentials {
        try await store().credentials(authorities: [authority], leaves: [profile])
    }

    private func waits() async -> CredentialStoreError? {
        do {
            _ = try await credentials()
            return nil
        } catch { return error as? CredentialStoreError }
    }

    @Test func `a request goes out, a certificate comes in and stays`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try theirs.make()
        let waiting = await waits()
        #expect(waiting?.code == .requestsWaiting)
        #expect(waiting?.reason.contains("apiserver@c0") == true)
        let again = await waits()
        #expect(again == waiting)
        try theirs.sign(requests)
        let leaf = try #require(try await credentials().leaves["apiserver@c0"])
        #expect(String(decoding: leaf.certificate, as: UTF8.self).contains("BEGIN CERTIFICATE"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: requests) == [])
        let kept = try #require(try await credentials().leaves["apiserver@c0"])
        #expect(kept.certificate == leaf.certificate)
        #expect(!kept.decision.isIssue)
    }

    @Test func `what is kept nowhere is asked for by a run alone, and gone once it was handed out`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try theirs.make()
        let person = CertificateProfile(
            identifier: "user:jane",
            issuer: "kubernetes-ca",
            commonName: "jane",
            usages: [.clientAuth],
            lifetime: 86_400
        )
        #expect(try await store(dryRun: true).ephemeral(person, authority: authority) == nil)
        #expect(!FileManager.default.fileExists(atPath: requests))
        #expect(try await store().ephemeral(person, authority: authority) == nil)
        try theirs.sign(requests)
        let leaf = try #require(try await store(dryRun: true).ephemeral(person, authority: authority))
        let again = try await store().ephemeral(person, authority: authority)
        #expect(again?.certificate == leaf.certificate, "until it was used")
        try store().discard(person)
        #expect(try FileManager.default.contentsOfDirectory(atPath: requests) == [])
        let kept = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/store/pki/kubernetes-ca")
        #expect(!kept.contains { $0.hasPrefix("user:jane") })
    }

    @Test func `a plan says who writes the requests, since it does not`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try theirs.make()
        let error = await #expect(throws: CredentialStoreError.self) {
            try await store(dryRun: true).credentials(authorities: [authority], leaves: [profile])
        }
        #expect(error?.code == .requestsWaiting && error?.remedy.hasPrefix("provision apply writes") == true)
        #expect(!FileManager.default.fileExists(atPath: requests))
    }

    @Test func `a certificate that does not say what was asked for is refused`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try theirs.make()
        _ = await waits()
        try theirs.sign(requests, "")
        let refusal = await waits()
        #expect(refusal?.code == .damaged)
        #expect(refusal?.subject.hasSuffix("requests/apiserver@c0.crt") == true)
        try theirs.sign(requests)
        #expect(await waits() == nil)
    }
}
