import Crypto
import X509

/// What a leaf's private key is, read by swift-crypto.
///
/// libcrypto 3 looks its decoders up for each key: of the 1.5 s that reading 3000 pairs took, 1.2 s were that.
struct KeyFacts {
    let isRSA: Bool
    private let publicKey: X509.Certificate.PublicKey

    /// - Parameter pem: PKCS#8, SEC 1 or PKCS#1, not encrypted.
    /// - Throws: What swift-certificates says about anything else.
    init(pem: [UInt8]) throws {
        publicKey = try X509.Certificate.PrivateKey(pemEncoded: String(decoding: pem, as: UTF8.self)).publicKey
        isRSA =
            P256.Signing.PublicKey(publicKey) == nil && P384.Signing.PublicKey(publicKey) == nil
            && P521.Signing.PublicKey(publicKey) == nil
    }

    /// Whether this is the private half of a certificate's key.
    func matches(_ facts: CertificateFacts) -> Bool { publicKey == facts.certificate.publicKey }
}
