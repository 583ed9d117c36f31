internal import COpenSSL

/// The first bytes of a sealed archive.
///
/// All numbers are big-endian:
///
///     0   8  "PROVSEAL"            12  32  salt
///     8   1  version, 1            44   4  chunk size, bytes
///     9   1  what the key is       48   8  length of the plain bytes
///     10  1  scrypt, log2 N        56   8  first bytes of the SHA-256 of what stands before
///     11  1  scrypt, r and p       64  16  tag of the header under the key
package struct SealedHeader: Sendable, Equatable {
    /// What a person has to bring.
    package enum KeyKind: UInt8, Sendable, CaseIterable {
        case passphrase = 1
        case recoveryCode, keyFile
    }

    static let magic = Array("PROVSEAL".utf8)
    static let size = 64
    static let sealedSize = size + AuthenticatedCipher.tagSize
    private static let version: UInt8 = 1

    let kind: KeyKind
    /// log2 of scrypt's N.
    let cost: UInt8
    /// r in the upper four bits, p in the lower.
    let shape: UInt8
    let salt: [UInt8]
    let chunkSize: Int
    let length: Int

    init(length: Int, kind: KeyKind, salt: [UInt8], cost: UInt8, chunkSize: Int = 1 << 20) {
        self.kind = kind
        self.cost = cost
        shape = 0x81
        self.salt = salt
        self.chunkSize = chunkSize
        self.length = length
    }

    /// Reads and checks a header; its tag is for whoever has the key.
    init(reading head: [UInt8]) throws(SealedArchiveError) {
        guard head.starts(with: Self.magic) else { throw .notAnArchive }
        guard head.count > Self.magic.count else { throw .truncated(expected: Self.sealedSize, found: head.count) }
        guard head[8] == Self.version else { throw .unknownVersion(Int(head[8])) }
        guard head.count >= Self.sealedSize else { throw .truncated(expected: Self.sealedSize, found: head.count) }
        guard Self.checksum(head.prefix(56)) == Array(head[56..<64]), let kind = KeyKind(rawValue: head[9]) else {
            throw .damagedHeader
        }
        self.kind = kind
        cost = head[10]
        shape = head[11]
        salt = Array(head[12..<44])
        chunkSize = Self.number(head[44..<48])
        length = Self.number(head[48..<56])
        // A forged header must not make its reader spend hours or all memory.
        let isBounded = (10...20).contains(cost) && (1...8).contains(shape >> 4) && (1...4).contains(shape & 15)
        guard isBounded, (1...(1 << 26)).contains(chunkSize), (0...(1 << 50)).contains(length) else {
            throw .damagedHeader
        }
    }

    var bytes: [UInt8] {
        let front =
            Self.magic + [Self.version, kind.rawValue, cost, shape] + salt
            + Self.bytes(chunkSize, count: 4) + Self.bytes(length, count: 8)
        return front + Self.checksum(front)
    }

    var chunks: Int { (length + chunkSize - 1) / chunkSize }

    var fileSize: Int { Self.sealedSize + length + chunks * AuthenticatedCipher.tagSize }

    func plainRange(_ index: Int) -> Range<Int>? {
        index < chunks ? index * chunkSize..<min(length, (index + 1) * chunkSize) : nil
    }

    func sealedRange(_ index: Int) -> Range<Int>? {
        plainRange(index).map { range in
            let start = Self.sealedSize + range.lowerBound + index * AuthenticatedCipher.tagSize
            return start..<start + range.count + AuthenticatedCipher.tagSize
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private static func bytes(_ number: Int, count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// Tells a header that was damaged by accident from a wrong key; it protects nothing.
    private static func checksum(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(bytes, bytes.count, &digest)
        return Array(digest.prefix(8))
    }
}
