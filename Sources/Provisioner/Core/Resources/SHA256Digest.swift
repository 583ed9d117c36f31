import Crypto

/// SHA-256 as hosts print it.
package enum SHA256Digest {
    /// The digest as 64 lower-case hexadecimal characters.
    package static func hex(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
