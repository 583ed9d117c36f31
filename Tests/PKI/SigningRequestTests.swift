import Foundation
import PKI
import Templates
import Testing

/// An authority whose key lies elsewhere, played by the openssl program.
@Suite struct SigningRequestTests {
    private let directory = NSTemporaryDirectory() + "provision-requests-" + UUID().uuidString
    private var requests: String { "\(directory)/store/pki/kubernetes-ca/requests" }
    private var elsewhere: String { "\(directory)/elsewhere" }

    private let profile = CertificateProfile(
        identifier: "apiserver@c0",
        issuer: "kubernetes-ca",
        commonName: "kube-apiserver",
        organizations: ["ops"],
        usages: [.serverAuth],
        alternativeNames: [.dns("a.example"), .ip("10.0.0.1")],
        lifetime: 86_400
    )

    @discardableResult
    private func shell(_ script: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", script]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func makeAuthority() throws {
        let made = try shell(
            """
            mkdir -p \(elsewhere); cd \(elsewhere)
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 30 \\
            -subj /CN=their-ca -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
            printf 'authorityKeyIdentifier=keyid\\nsubjectKeyIdentifier=hash\\n' > ext
            """
        )
        try #require(made == 0)
    }

    private func sign(_ options: String = "-copy_extensions copyall") throws {
        let signed = try shell(
            """
            openssl x509 -req -in \(requests)/apiserver@c0.csr -CA \(elsewhere)/ca.crt -CAkey \(elsewhere)/ca.key \\
            -CAcreateserial -days 1 \(options) -extfile \(elsewhere)/ext -out \(requests)/apiserver@c0.crt
            """
        )
        try #require(signed == 0)
    }

    private func credentials() async throws -> Credentials {
        let authority = AuthorityProfile(
            name: "kubernetes-ca",
            lifetime: 1,
            broughtCertificate: "\(elsewhere)/ca.crt"
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
        try makeAuthority()
        let waiting = await waits()
        #expect(waiting?.code == .requestsWaiting)
        #expect(waiting?.reason.contains("apiserver@c0") == true)
        let again = await waits()
        #expect(again == waiting)
        try sign()
        let leaf = try #require(try await credentials().leaves["apiserver@c0"])
        #expect(String(decoding: leaf.certificate, as: UTF8.self).contains("BEGIN CERTIFICATE"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: requests) == [])
        let kept = try #require(try await credentials().leaves["apiserver@c0"])
        #expect(kept.certificate == leaf.certificate)
        #expect(!kept.decision.isIssue)
    }

    @Test func `a certificate that does not say what was asked for is refused`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try makeAuthority()
        _ = await waits()
        try sign("")
        let refusal = await waits()
        #expect(refusal?.code == .damaged)
        #expect(refusal?.subject.hasSuffix("requests/apiserver@c0.crt") == true)
        try sign()
        #expect(await waits() == nil)
    }
}
