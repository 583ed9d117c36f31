internal import COpenSSL
package import Templates

/// A private key.
///
/// Immutable: libcrypto counts references to it atomically and nothing here changes it after init.
package final class PrivateKey: @unchecked Sendable {
    // Sendable: the pointer is set once in init, only read-only calls take it, and it is freed in deinit.
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    /// Makes a new key.
    package static func generate(_ algorithm: KeyAlgorithm) throws(OpenSSLError) -> PrivateKey {
        let attempted = "generate a key"
        let name = algorithm == .ecdsaP256 ? "EC" : "RSA"
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw OpenSSLError(attempted: attempted) }
        defer { EVP_PKEY_CTX_free(context) }
        try require(EVP_PKEY_keygen_init(context), attempted)
        switch algorithm {
        case .ecdsaP256: try require(EVP_PKEY_CTX_set_group_name(context, "P-256"), attempted)
        case .rsa(let bits): try require(EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)), attempted)
        }
        var pointer: OpaquePointer?
        try require(EVP_PKEY_generate(context, &pointer), attempted)
        guard let pointer else { throw OpenSSLError(attempted: attempted) }
        return PrivateKey(owning: pointer)
    }

    /// Reads PEM: PKCS#8, plain or encrypted, or the older forms.
    package convenience init(pem: Secret<[UInt8]>, passphrase: Secret<String>? = nil) throws(OpenSSLError) {
        let bio = try MemoryBIO(pem.reveal())
        var phrase = Array((passphrase?.reveal() ?? "").utf8CString)
        // Without a phrase the empty one is offered, so that libcrypto never asks at the terminal.
        guard let pointer = PEM_read_bio_PrivateKey(bio.pointer, nil, nil, &phrase) else {
            throw OpenSSLError(attempted: "read a private key")
        }
        self.init(owning: pointer)
    }

    /// PKCS#8 PEM; with a passphrase encrypted by AES-256 under PBKDF2.
    package func pem(passphrase: Secret<String>? = nil) throws(OpenSSLError) -> Secret<[UInt8]> {
        let bio = try MemoryBIO()
        let code: Int32
        if let passphrase {
            let phrase = Array(passphrase.reveal().utf8).map { CChar(bitPattern: $0) }
            code = PEM_write_bio_PKCS8PrivateKey(
                bio.pointer,
                pointer,
                EVP_aes_256_cbc(),
                phrase,
                Int32(phrase.count),
                nil,
                nil
            )
        } else {
            code = PEM_write_bio_PKCS8PrivateKey(bio.pointer, pointer, nil, nil, 0, nil, nil)
        }
        try require(code, "write a private key")
        return Secret(bio.contents())
    }

    /// SubjectPublicKeyInfo as PEM.
    package func publicPEM() throws(OpenSSLError) -> [UInt8] {
        let bio = try MemoryBIO()
        try require(PEM_write_bio_PUBKEY(bio.pointer, pointer), "write a public key")
        return bio.contents()
    }

    /// Signs with SHA-256.
    func signature(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let attempted = "sign a token"
        guard let context = EVP_MD_CTX_new() else { throw OpenSSLError(attempted: attempted) }
        defer { EVP_MD_CTX_free(context) }
        try require(EVP_DigestSignInit(context, nil, EVP_sha256(), nil, pointer), attempted)
        var count = 0
        try require(EVP_DigestSign(context, nil, &count, bytes, bytes.count), attempted)
        var signature = [UInt8](repeating: 0, count: count)
        try require(EVP_DigestSign(context, &signature, &count, bytes, bytes.count), attempted)
        return Array(signature.prefix(count))
    }

    /// Whether this is the private half of a certificate's key.
    func matches(_ certificate: Certificate) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(certificate.pointer, pointer) == 1
    }

    var isRSA: Bool { EVP_PKEY_get_base_id(pointer) == EVP_PKEY_RSA }
}
