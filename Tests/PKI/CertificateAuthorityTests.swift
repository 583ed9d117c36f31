import Foundation
import PKI
import Templates
import Testing

/// What libcrypto issued, judged by the real `openssl` command.
@Suite struct CertificateAuthorityTests {
    private let now = Int64(Date().timeIntervalSince1970)

    private func openssl(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    private func temporary(_ bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "provision-ca-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func profile(
        _ algorithm: KeyAlgorithm = .ecdsaP256,
        usages: Set<CertificateProfile.Usage> = [.serverAuth, .clientAuth]
    ) -> CertificateProfile {
        CertificateProfile(
            identifier: "etcd-server@c0",
            issuer: "etcd-ca",
            commonName: "kube-etcd",
            organizations: ["system:nodes"],
            usages: usages,
            alternativeNames: [.dns("controller-0"), .dns("localhost"), .ip("192.168.2.2"), .ip("127.0.0.1")],
            algorithm: algorithm,
            lifetime: 86_400
        )
    }

    private func issue(
        _ profile: CertificateProfile
    ) throws -> (authority: CertificateAuthority, certificate: Certificate, key: PrivateKey) {
        let authority = try CertificateAuthority.make(
            AuthorityProfile(name: "etcd-ca", lifetime: 864_000),
            generation: 1,
            now: now
        )
        let key = try PrivateKey.generate(profile.algorithm)
        return (authority, try authority.issue(profile, for: key, now: now), key)
    }

    @Test(arguments: [KeyAlgorithm.ecdsaP256, .rsa(bits: 2048)])
    func `openssl verifies the path strictly and reads what was asked for`(algorithm: KeyAlgorithm) throws {
        let issued = try issue(profile(algorithm))
        let ca = try temporary(issued.authority.certificate.pem())
        let leaf = try temporary(issued.certificate.pem())
        defer { [ca, leaf].forEach { try? FileManager.default.removeItem(atPath: $0) } }
        for purpose in ["sslserver", "sslclient"] {
            let verdict = try openssl(["verify", "-x509_strict", "-purpose", purpose, "-CAfile", ca, leaf])
            #expect(verdict.status == 0, "\(verdict.output)")
        }
        let text = try openssl(["x509", "-noout", "-text", "-in", leaf]).output
        #expect(text.contains("CA:FALSE"))
        #expect(text.contains("DNS:controller-0, DNS:localhost, IP Address:127.0.0.1, IP Address:192.168.2.2"))
        #expect(text.contains("O = system:nodes, CN = kube-etcd"))
        #expect(text.contains(algorithm == .ecdsaP256 ? "ASN1 OID: prime256v1" : "Digital Signature, Key Encipherment"))
    }

    @Test func `the authority may sign certificates and nothing below it may`() throws {
        let issued = try issue(profile())
        let path = try temporary(issued.authority.certificate.pem())
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = try openssl(["x509", "-noout", "-text", "-in", path]).output
        #expect(text.contains("CA:TRUE, pathlen:0"))
        #expect(text.contains("Certificate Sign, CRL Sign"))
        #expect(text.contains("CN = etcd-ca-g1"))
    }

    @Test func `a leaf never outlives its authority`() throws {
        var long = profile()
        long.lifetime = 10 * 864_000
        let issued = try issue(long)
        #expect(try CertificateFacts(pem: issued.certificate.pem()).notAfter == issued.authority.facts.notAfter)
    }

    @Test func `curl's format opens with its password`() throws {
        let issued = try issue(profile())
        let bytes = try PKCS12.export(
            certificate: issued.certificate.pem(),
            key: issued.key.pem(),
            authority: issued.authority.certificate.pem(),
            name: "admin",
            password: Secret("secret")
        )
        let path = try temporary(bytes.reveal())
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(
            try openssl(["pkcs12", "-in", path, "-passin", "pass:secret", "-nokeys"]).output.contains(
                "BEGIN CERTIFICATE"
            )
        )
        #expect(try openssl(["pkcs12", "-in", path, "-passin", "pass:wrong", "-nokeys"]).status != 0)
    }

    @Test func `the second implementation accepts what is right`() async throws {
        let issued = try issue(profile())
        let facts = try CertificateFacts(pem: issued.certificate.pem())
        try await IndependentVerifier(authority: issued.authority.facts, now: now).verify(facts, against: profile())
    }

    @Test func `the second implementation rejects what is wrong`() async throws {
        let issued = try issue(profile())
        let facts = try CertificateFacts(pem: issued.certificate.pem())
        let verifier = IndependentVerifier(authority: issued.authority.facts, now: now)
        await #expect(throws: IndependentVerifier.Rejection.self) {
            try await verifier.verify(facts, against: profile(usages: [.serverAuth]))
        }
        var extra = profile()
        extra.alternativeNames.insert(.dns("more.example"))
        await #expect(throws: IndependentVerifier.Rejection.self) { try await verifier.verify(facts, against: extra) }
        let other = try issue(profile()).authority
        await #expect(throws: IndependentVerifier.Rejection.self) {
            try await IndependentVerifier(authority: other.facts, now: now).verify(facts, against: profile())
        }
        await #expect(throws: IndependentVerifier.Rejection.self) {
            try await IndependentVerifier(authority: issued.authority.facts, now: now + 90_000).verify(
                facts,
                against: profile()
            )
        }
    }
}
