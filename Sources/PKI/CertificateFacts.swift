import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// What a certificate says, read by swift-certificates, an implementation other than the one that issued it.
package struct CertificateFacts: Sendable {
    package let commonName: String
    package let organizations: [String]
    package let usages: Set<CertificateProfile.Usage>
    package let alternativeNames: Set<CertificateProfile.AlternativeName>
    /// Seconds since 1970.
    package let notBefore: Int64
    package let notAfter: Int64
    package let isAuthority: Bool
    package let subjectKeyIdentifier: [UInt8]
    package let authorityKeyIdentifier: [UInt8]
    let certificate: X509.Certificate

    /// Reads the first certificate of a PEM text.
    package init(pem: [UInt8]) throws {
        let certificate = try X509.Certificate(pemEncoded: String(decoding: pem, as: UTF8.self))
        self.certificate = certificate
        commonName = Self.values(of: .RDNAttributeType.commonName, in: certificate.subject).first ?? ""
        organizations = Self.values(of: .RDNAttributeType.organizationName, in: certificate.subject)
        notBefore = Int64(certificate.notValidBefore.timeIntervalSince1970)
        notAfter = Int64(certificate.notValidAfter.timeIntervalSince1970)
        usages = try Self.usages(certificate)
        alternativeNames = try Self.alternativeNames(certificate)
        if case .isCertificateAuthority? = try certificate.extensions.basicConstraints {
            isAuthority = true
        } else {
            isAuthority = false
        }
        subjectKeyIdentifier = try certificate.extensions.subjectKeyIdentifier.map { Array($0.keyIdentifier) } ?? []
        authorityKeyIdentifier =
            try certificate.extensions.authorityKeyIdentifier?.keyIdentifier.map { Array($0) } ?? []
    }

    /// Whether both are one and the same certificate, byte for byte.
    package func isSame(as other: CertificateFacts) -> Bool { certificate == other.certificate }

    /// Whether this certificate has the name and the key of another: what one issued, the other vouches for.
    func vouches(for other: CertificateFacts) -> Bool {
        certificate.subject == other.certificate.subject && hasKey(of: other)
    }

    func hasKey(of other: CertificateFacts) -> Bool { certificate.publicKey == other.certificate.publicKey }

    /// SHA-256 of its public key (SubjectPublicKeyInfo in DER: RFC 5280, section 4.1), hexadecimal.
    ///
    /// A certificate that is extended keeps it.
    func keyDigest() throws -> String {
        let digest = SHA256.hash(data: try certificate.publicKey.serializeAsPEM().derBytes)
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Whether it names this authority and its key as its issuer.
    func isIssued(by authority: CertificateFacts) -> Bool {
        certificate.issuer == authority.certificate.subject
            && authorityKeyIdentifier == authority.subjectKeyIdentifier
    }

    package var issuerName: String {
        Self.values(of: .RDNAttributeType.commonName, in: certificate.issuer).first ?? ""
    }

    /// Hexadecimal.
    package var serial: String {
        certificate.serialNumber.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func values(of type: ASN1ObjectIdentifier, in name: DistinguishedName) -> [String] {
        name.flatMap { relative in relative.filter { $0.type == type }.compactMap { String($0.value) } }
    }

    private static func usages(_ certificate: X509.Certificate) throws -> Set<CertificateProfile.Usage> {
        guard let extended = try certificate.extensions.extendedKeyUsage else { return [] }
        return Set(
            extended.compactMap { usage in
                switch usage {
                case .serverAuth: .serverAuth
                case .clientAuth: .clientAuth
                default: nil
                }
            }
        )
    }

    private static func alternativeNames(
        _ certificate: X509.Certificate
    ) throws -> Set<CertificateProfile.AlternativeName> {
        guard let names = try certificate.extensions.subjectAlternativeNames else { return [] }
        return Set(
            names.map { name in
                switch name {
                case .dnsName(let value): .dns(value)
                case .ipAddress(let bytes): .ip(bytes.bytes.map(String.init).joined(separator: "."))
                default: .dns("unexpected \(name)")
                }
            }
        )
    }
}
