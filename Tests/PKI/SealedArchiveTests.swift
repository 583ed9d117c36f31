import Foundation
import Templates
import Testing

@testable import PKI

@Suite struct SealedArchiveTests {
    private static let key = SealedArchive.Key.passphrase(Secret("correct horse"))

    /// Made by another implementation (hashlib and libcrypto by hand), under the same key.
    private static let firstVersion = Data(
        base64Encoded: """
            UFJPVlNFQUwBARGBAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AEAAAAAAAAAAAABEojIXZZfVVZ0BfnK8sTahgpwRJGz/MVcW+\
            liRjSvww32GI4bwIAmMGqZMVN1xZ4nLckKGL+B0ZoHA=
            """
    )

    /// At a cost that tests can pay.
    private static func seal(_ bytes: [UInt8], with key: SealedArchive.Key) throws(SealedArchiveError) -> [UInt8] {
        try SealedArchive.seal(bytes, with: key, cost: 10)
    }

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    @Test(arguments: [0, 1, 1 << 20, 1 << 20 + 1, 3 << 20]) func `what was sealed is opened, whatever its size`(
        size: Int
    ) throws {
        let plain = Self.bytes(size)
        let sealed = try Self.seal(plain, with: Self.key)
        #expect(SealedArchive.isSealed(sealed))
        #expect(try SealedArchive.open(sealed, with: Self.key).reveal() == plain)
        #expect(sealed.count == 80 + size + (size + (1 << 20) - 1) / (1 << 20) * 16)
    }

    @Test func `the same bytes under the same passphrase never look the same`() throws {
        #expect(try Self.seal([1, 2, 3], with: Self.key) != Self.seal([1, 2, 3], with: Self.key))
    }

    @Test func `an archive of the first version opens for ever`() throws {
        let sealed = Array(try #require(Self.firstVersion))
        #expect(try SealedArchive.open(sealed, with: Self.key).reveal() == Array("the first version".utf8))
    }

    @Test func `a wrong key is told from a damaged archive`() throws {
        let sealed = try Self.seal(Self.bytes(100), with: Self.key)
        #expect(throws: SealedArchiveError.wrongKey(sealedWith: .passphrase)) {
            try SealedArchive.open(sealed, with: .passphrase(Secret("correct hors")))
        }
        #expect(throws: SealedArchiveError.wrongKey(sealedWith: .passphrase)) {
            try SealedArchive.open(sealed, with: .keyFile(Secret(Self.bytes(32))))
        }
    }

    @Test(arguments: [9, 40, 79, 80, 100, 195]) func `a truncated archive says so, wherever it ends`(count: Int) throws
    {
        let sealed = try Self.seal(Self.bytes(100), with: Self.key)
        let error = #expect(throws: SealedArchiveError.self) {
            try SealedArchive.open(Array(sealed.prefix(count)), with: Self.key)
        }
        guard case .truncated(_, count)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [0, 8, 9, 10, 20, 50, 60, 70, 81, 180, 190]) func `a changed byte is found, wherever it is`(
        position: Int
    ) throws {
        var sealed = try Self.seal(Self.bytes(100), with: Self.key)
        sealed[position] ^= 0x10
        let error = #expect(throws: SealedArchiveError.self) { try SealedArchive.open(sealed, with: Self.key) }
        let expected: SealedArchiveError? =
            switch position {
            case 0: .notAnArchive
            case 8: .unknownVersion(17)
            case ..<64: .damagedHeader
            case ..<80: .wrongKey(sealedWith: .passphrase)
            default: .damaged(chunk: 1)
            }
        #expect(error == expected)
    }

    @Test func `chunks cannot change places`() throws {
        let sealed = try Self.seal(Self.bytes(2 << 20), with: Self.key)
        let chunk = 1 << 20 + 16
        let moved = sealed.prefix(80) + sealed.suffix(chunk) + sealed[80..<80 + chunk]
        #expect(throws: SealedArchiveError.damaged(chunk: 1)) { try SealedArchive.open(Array(moved), with: Self.key) }
    }

    @Test func `what follows the end is refused`() throws {
        let sealed = try Self.seal([1], with: Self.key) + [0, 0]
        #expect(throws: SealedArchiveError.trailingBytes(2)) { try SealedArchive.open(sealed, with: Self.key) }
    }

    @Test func `a header that asks for hours is refused before scrypt runs`() {
        let header = SealedHeader(length: 1, kind: .passphrase, salt: Self.bytes(32), cost: 40)
        #expect(throws: SealedArchiveError.damagedHeader) {
            try SealedHeader(reading: header.bytes + Self.bytes(16))
        }
    }

    @Test func `a recovery code opens as it was printed and as people type it`() throws {
        let code = try RecoveryCode.generate()
        let text = code.text.reveal()
        #expect(text.count == 29)
        let sealed = try Self.seal([7], with: .recoveryCode(code.text))
        let typed = text.lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing("1", with: "l")
        #expect(try SealedArchive.open(sealed, with: .recoveryCode(Secret(typed))).reveal() == [7])
        #expect(RecoveryCode("too short") == nil)
        #expect(try RecoveryCode.generate() != code)
    }

    @Test func `keys that are none are refused`() {
        #expect(throws: SealedArchiveError.keyTooShort(.passphrase, minimum: 1)) {
            try Self.seal([1], with: .passphrase(Secret("")))
        }
        #expect(throws: SealedArchiveError.keyTooShort(.keyFile, minimum: 16)) {
            try Self.seal([1], with: .keyFile(Secret(Self.bytes(15))))
        }
    }
}
