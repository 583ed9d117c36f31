internal import COpenSSL

/// A certificate signing request (PKCS#10, RFC 2986) that asks for everything a leaf must say.
enum SigningRequest {
    static func pem(_ profile: CertificateProfile, key: PrivateKey) throws(OpenSSLError) -> [UInt8] {
        guard let request = X509_REQ_new() else { throw OpenSSLError(attempted: "make a request") }
        defer { X509_REQ_free(request) }
        let name = X509_REQ_get_subject_name(request)
        for organization in profile.organizations { try CertificateBuilder.add("O", organization, to: name) }
        try CertificateBuilder.add("CN", profile.commonName, to: name)
        try require(X509_REQ_set_pubkey(request, key.pointer), "set the request's key")
        try addExtensions(profile, key: key, to: request)
        guard X509_REQ_sign(request, key.pointer, EVP_sha256()) > 0 else {
            throw OpenSSLError(attempted: "sign a request")
        }
        let bio = try MemoryBIO()
        try require(PEM_write_bio_X509_REQ(bio.pointer, request), "write a request")
        return bio.contents()
    }

    /// Without the identifiers of keys, which only the issuer can write.
    private static func addExtensions(
        _ profile: CertificateProfile,
        key: PrivateKey,
        to request: OpaquePointer
    ) throws(OpenSSLError) {
        guard let stack = OPENSSL_sk_new_null() else { throw OpenSSLError(attempted: "collect extensions") }
        var built: [OpaquePointer] = []
        defer {
            built.forEach { X509_EXTENSION_free($0) }
            OPENSSL_sk_free(stack)
        }
        let identifiers = [NID_subject_key_identifier, NID_authority_key_identifier]
        for (identifier, value) in CertificateAuthority.extensions(profile, isRSA: key.isRSA)
        where !identifiers.contains(identifier) {
            guard let item = X509V3_EXT_conf_nid(nil, nil, identifier, value) else {
                throw OpenSSLError(attempted: "build the extension \(value)")
            }
            built.append(item)
            OPENSSL_sk_push(stack, UnsafeRawPointer(item))
        }
        try require(X509_REQ_add_extensions(request, stack), "add the request's extensions")
    }
}
