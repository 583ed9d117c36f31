import Foundation
import Templates
import Testing

@testable import PKI

/// Values made by golang.org/x/crypto/nacl/secretbox, as API servers use it, and by another AES.
@Suite struct EncryptedValueTests {
    private static let key = Secret((0..<32).map { UInt8($0) })
    private static let secretbox = """
        azhzOmVuYzpzZWNyZXRib3g6djE6a2V5MTpkZWZnaGlqa2xtbm9wcXJzdHV2d3h5envZT8KWlP7YEVSntBHQISDiaYHqyVvUrY3Vm0T8Xu7IdFPEV9eV\
        1Dhv03o17HPxqOrLC5F+KF/yjp56egxvY6wXsuTbbmX+QCVigzBgvtT5DCrhJwGlUif6yP1shjW1must7exlxJseZPXz4E0TioiolbmYCZytT7F0Awbx\
        3T72XB1J8SK+QStlLeJh05VjpUjLdnpgTrR8ay5HTl66oYk/CEebcUJXA27YfQ==
        """
    private static let aescbc = """
        azhzOmVuYzphZXNjYmM6djE6a2V5MToyMzQ1Njc4OTo7PD0+P0BBj6iTTIIF+HF+23XQekWm66h6Xnib6CEIwEqVYjSMh+KTrqcGiWeW3yrHmdv1DeFW
        """

    private static func bytes(_ text: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: text))) }

    private static func letters(_ count: Int) -> [UInt8] {
        Array("k8s\0".utf8) + (0..<count).map { UInt8(0x61 + $0 % 26) }
    }

    @Test(arguments: [(secretbox, 150, "secretbox"), (aescbc, 30, "aescbc")])
    func `a value of an API server is opened with its key`(_ text: String, _ count: Int, _ provider: String) throws {
        let value = try #require(EncryptedValue(try Self.bytes(text)))
        #expect(value.provider.rawValue == provider && value.keyName == "key1")
        #expect(try value.open(Self.key)?.reveal() == Self.letters(count))
    }

    @Test(arguments: [secretbox, aescbc]) func `another key opens nothing that looks like an object`(
        _ text: String
    ) throws {
        let value = try #require(EncryptedValue(try Self.bytes(text)))
        let other = Secret((0..<32).map { UInt8($0 + 1) })
        #expect(try value.open(other)?.reveal().starts(with: Self.letters(0)) != true)
    }

    @Test func `a changed secretbox is refused`() throws {
        var bytes = try Self.bytes(Self.secretbox)
        bytes[bytes.count - 1] ^= 1
        #expect(try EncryptedValue(bytes)?.open(Self.key) == nil)
    }

    @Test func `plain values are none`() {
        #expect(EncryptedValue(Array("k8s\0\n".utf8)) == nil)
        #expect(EncryptedValue(Array("k8s:enc:kms:v1:key1:x".utf8)) == nil)
        #expect(EncryptedValue(Array("k8s:enc:secretbox:v1".utf8)) == nil)
    }
}
