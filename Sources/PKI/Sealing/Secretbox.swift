internal import COpenSSL

/// NaCl's secretbox, XSalsa20 and Poly1305, opened only: libcrypto has the second and not the first.
///
/// Source: Bernstein, "Extending the Salsa20 nonce" and "Cryptography in NaCl".
enum Secretbox {
    /// Nonce (24 bytes), tag (16 bytes), sealed bytes; `nil` where the tag does not fit.
    static func open(_ box: [UInt8], key: [UInt8]) throws(OpenSSLError) -> [UInt8]? {
        guard box.count >= 40, key.count == 32 else { return nil }
        let (nonce, tag, sealed) = (Array(box.prefix(24)), Array(box[24..<40]), Array(box.dropFirst(40)))
        let stream = keystream(sealed.count + 32, nonce: nonce, key: key)
        guard try poly1305(sealed, key: Array(stream.prefix(32))) == tag else { return nil }
        return zip(sealed, stream.dropFirst(32)).map { $0 ^ $1 }
    }

    private static func poly1305(_ bytes: [UInt8], key: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        let attempted = "authenticate with Poly1305"
        guard let pointer = EVP_PKEY_new_raw_private_key(EVP_PKEY_POLY1305, nil, key, key.count),
            let context = EVP_MD_CTX_new()
        else { throw OpenSSLError(attempted: attempted) }
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(pointer)
        }
        var tag = [UInt8](repeating: 0, count: 16)
        var count = tag.count
        try require(EVP_DigestSignInit(context, nil, nil, nil, pointer), attempted)
        try require(EVP_DigestSign(context, &tag, &count, bytes, bytes.count), attempted)
        return tag
    }

    static func keystream(_ count: Int, nonce: [UInt8], key: [UInt8]) -> [UInt8] {
        let derived = core(key, Array(nonce.prefix(16)), adds: false)
        let subkey = [0, 5, 10, 15, 6, 7, 8, 9].flatMap { bytes(derived[$0]) }
        var stream: [UInt8] = []
        stream.reserveCapacity(count + 64)
        var block: UInt64 = 0
        while stream.count < count {
            let counter = (0..<8).map { UInt8(truncatingIfNeeded: block >> ($0 * 8)) }
            for word in core(subkey, Array(nonce.suffix(8)) + counter, adds: true) { stream += bytes(word) }
            block += 1
        }
        return stream
    }

    /// Twenty rounds; Salsa20 adds what it began with, HSalsa20 does not.
    private static func core(_ key: [UInt8], _ input: [UInt8], adds: Bool) -> [UInt32] {
        let (k, n) = (words(key), words(input))
        let start: [UInt32] = [
            0x6170_7865, k[0], k[1], k[2], k[3], 0x3320_646E, n[0], n[1],
            n[2], n[3], 0x7962_2D32, k[4], k[5], k[6], k[7], 0x6B20_6574,
        ]
        var x = start
        for _ in 0..<10 {
            for line in columns + rows { quarter(&x, line) }
        }
        return adds ? zip(x, start).map { $0 &+ $1 } : x
    }

    private static let columns = [[0, 4, 8, 12], [5, 9, 13, 1], [10, 14, 2, 6], [15, 3, 7, 11]]
    private static let rows = [[0, 1, 2, 3], [5, 6, 7, 4], [10, 11, 8, 9], [15, 12, 13, 14]]

    private static func quarter(_ x: inout [UInt32], _ i: [Int]) {
        x[i[1]] ^= rotate(x[i[0]] &+ x[i[3]], 7)
        x[i[2]] ^= rotate(x[i[1]] &+ x[i[0]], 9)
        x[i[3]] ^= rotate(x[i[2]] &+ x[i[1]], 13)
        x[i[0]] ^= rotate(x[i[3]] &+ x[i[2]], 18)
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32($1 * 8) }
        }
    }

    private static func bytes(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
}
