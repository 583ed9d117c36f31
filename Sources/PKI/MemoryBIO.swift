internal import COpenSSL

/// Bytes in and out of libcrypto's readers and writers.
struct MemoryBIO: ~Copyable {
    let pointer: OpaquePointer

    init() throws(OpenSSLError) {
        guard let pointer = BIO_new(BIO_s_mem()) else { throw OpenSSLError(attempted: "make a memory buffer") }
        self.pointer = pointer
    }

    /// A buffer that holds these bytes.
    init(_ bytes: [UInt8]) throws(OpenSSLError) {
        guard let pointer = BIO_new(BIO_s_mem()) else { throw OpenSSLError(attempted: "make a memory buffer") }
        guard bytes.isEmpty || BIO_write(pointer, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            BIO_free_all(pointer)
            throw OpenSSLError(attempted: "fill a memory buffer")
        }
        self.pointer = pointer
    }

    deinit { BIO_free_all(pointer) }

    /// Everything in the buffer.
    func contents() -> [UInt8] {
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = BIO_read(pointer, &piece, Int32(piece.count))
            guard count > 0 else { return result }
            result += piece.prefix(Int(count))
        }
    }
}
