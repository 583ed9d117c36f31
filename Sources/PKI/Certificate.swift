internal import COpenSSL

/// An X.509 certificate as libcrypto holds it.
///
/// Immutable after it was signed or read.
package final class Certificate: @unchecked Sendable {
    // Sendable: the pointer is set once in init, only read-only calls take it, and it is freed in deinit.
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { X509_free(pointer) }

    /// Reads the first certificate of a PEM text.
    package convenience init(pem: [UInt8]) throws(OpenSSLError) {
        let bio = try MemoryBIO(pem)
        guard let pointer = PEM_read_bio_X509(bio.pointer, nil, nil, nil) else {
            throw OpenSSLError(attempted: "read a certificate")
        }
        self.init(owning: pointer)
    }

    package func pem() throws(OpenSSLError) -> [UInt8] {
        let bio = try MemoryBIO()
        try require(PEM_write_bio_X509(bio.pointer, pointer), "write a certificate")
        return bio.contents()
    }
}
