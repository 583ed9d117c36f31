import Crypto
import SwiftASN1
import X509

/// What a leaf's private key is, read by swift-crypto.
///
/// libcrypto 3 looks its decoders up for each key: of the 1.5 s that reading 3000 pairs took, 1.2 s were that.
struct KeyFacts {
    /// `nil` for a key of another kind than profiles ask for.
    let algorithm: KeyAlgorithm?
    private let publicKey: X509.Certificate.PublicKey

    /// - Parameter pem: PKCS#8, SEC 1 or PKCS#1, not encrypted.
    /// - Throws: What swift-certificates says about anything else.
    init(pem: [UInt8]) throws {
        publicKey = try X509.Certificate.PrivateKey(pemEncoded: String(decoding: pem, as: UTF8.self)).publicKey
        if P256.Signing.PublicKey(publicKey) != nil {
            algorithm = .ecdsaP256
        } else {
            algorithm = (try? Self.modulusBits(publicKey)).map { KeyAlgorithm.rsa(bits: $0) }
        }
    }

    /// The size of an RSA key (RFC 8017, A.1.1: a sequence of the modulus and the exponent).
    private static func modulusBits(_ key: X509.Certificate.PublicKey) throws -> Int {
        let node = try DER.parse(key.subjectPublicKeyInfoBytes)
        let modulus = try DER.sequence(node, identifier: .sequence) { parts in
            let modulus = try ArraySlice<UInt8>(derEncoded: &parts)
            _ = try ArraySlice<UInt8>(derEncoded: &parts)
            return modulus
        }
        let digits = modulus.drop { $0 == 0 }
        return digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
    }

    /// Whether this is the private half of a certificate's key.
    func matches(_ facts: CertificateFacts) -> Bool { publicKey == facts.certificate.publicKey }
}
