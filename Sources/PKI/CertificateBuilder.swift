internal import COpenSSL

/// Fills and signs one certificate (RFC 5280).
final class CertificateBuilder {
    private let pointer: OpaquePointer

    /// Version 3 with a serial of 20 random bytes, positive and not zero.
    init() throws(OpenSSLError) {
        guard let pointer = X509_new() else { throw OpenSSLError(attempted: "make a certificate") }
        self.pointer = pointer
        try require(X509_set_version(pointer, 2), "set the version")
        var serial = [UInt8](repeating: 0, count: 20)
        try require(RAND_bytes(&serial, Int32(serial.count)), "make a serial number")
        serial[0] = serial[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else {
            throw OpenSSLError(attempted: "make a serial number")
        }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else {
            throw OpenSSLError(attempted: "set the serial number")
        }
    }

    deinit { X509_free(pointer) }

    /// Seconds since 1970; UTCTime up to 2049, GeneralizedTime after.
    func setValidity(from notBefore: Int64, to notAfter: Int64) throws(OpenSSLError) {
        guard ASN1_TIME_set(X509_getm_notBefore(pointer), Int(notBefore)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), Int(notAfter)) != nil
        else { throw OpenSSLError(attempted: "set the validity") }
    }

    func setSubject(commonName: String, organizations: [String]) throws(OpenSSLError) {
        let name = X509_get_subject_name(pointer)
        for organization in organizations { try Self.add("O", organization, to: name) }
        try Self.add("CN", commonName, to: name)
    }

    /// MBSTRING_UTF8, a macro that is not imported.
    private static let utf8: Int32 = 0x1000

    static func add(_ field: String, _ value: String, to name: OpaquePointer?) throws(OpenSSLError) {
        let bytes = Array(value.utf8)
        try require(
            X509_NAME_add_entry_by_txt(name, field, utf8, bytes, Int32(bytes.count), -1, 0),
            "set \(field)=\(value)"
        )
    }

    func setKey(_ key: PrivateKey) throws(OpenSSLError) {
        try require(X509_set_pubkey(pointer, key.pointer), "set the public key")
    }

    /// Extensions in openssl's own notation, in order; `issuer` is itself for an authority.
    func addExtensions(_ extensions: [(Int32, String)], issuer: Certificate?) throws(OpenSSLError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.pointer ?? pointer, pointer, nil, nil, 0)
        for (identifier, value) in extensions {
            guard let built = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
                throw OpenSSLError(attempted: "build the extension \(value)")
            }
            defer { X509_EXTENSION_free(built) }
            try require(X509_add_ext(pointer, built, -1), "add the extension \(value)")
        }
    }

    func setIssuer(_ certificate: Certificate?) throws(OpenSSLError) {
        try require(
            X509_set_issuer_name(pointer, X509_get_subject_name(certificate?.pointer ?? pointer)),
            "set the issuer"
        )
    }

    /// Signs with SHA-256 and gives the certificate away.
    func signed(by key: PrivateKey) throws(OpenSSLError) -> Certificate {
        guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else {
            throw OpenSSLError(attempted: "sign a certificate")
        }
        X509_up_ref(pointer)
        return Certificate(owning: pointer)
    }
}
