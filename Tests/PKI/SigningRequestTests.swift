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

    private func credentials() async throws -> Credentials {
        let authority = AuthorityProfile(
            name: "kubernetes-ca",
            lifetime: 1,
            broughtCertificate: theirs.certificate
        )
        let store = CredentialStore(directory: "\(directory)/store", now: Int64(Date().timeIntervalSince1970))
        return try await store.credentials(authorities: [authority], leaves: [profile])
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
