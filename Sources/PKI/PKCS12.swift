internal import COpenSSL
package import Templates

/// A certificate, its key and its authority in one file for browsers and curl (RFC 7292).
package enum PKCS12 {
    package static func export(
        certificate: [UInt8],
        key: Secret<[UInt8]>,
        authority: [UInt8],
        name: String,
        password: Secret<String>
    ) throws(OpenSSLError) -> Secret<[UInt8]> {
        let attempted = "make a PKCS#12 file"
        let leaf = try Certificate(pem: certificate)
        let issuer = try Certificate(pem: authority)
        let pair = try PrivateKey(pem: key)
        guard let chain = OPENSSL_sk_new_null() else { throw OpenSSLError(attempted: attempted) }
        defer { OPENSSL_sk_free(chain) }
        OPENSSL_sk_push(chain, UnsafeRawPointer(issuer.pointer))
        guard let made = PKCS12_create(password.reveal(), name, pair.pointer, leaf.pointer, chain, 0, 0, 0, 0, 0) else {
            throw OpenSSLError(attempted: attempted)
        }
        defer { PKCS12_free(made) }
        let bio = try MemoryBIO()
        try require(i2d_PKCS12_bio(bio.pointer, made), attempted)
        withExtendedLifetime(issuer) {}
        return Secret(bio.contents())
    }
}
