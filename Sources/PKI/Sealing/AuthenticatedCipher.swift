internal import COpenSSL
import Templates

/// AES-256-GCM under a key that scrypt made; the key is wiped in the end.
///
/// Immutable after init, and libcrypto's contexts live within one call.
final class AuthenticatedCipher: Sendable {
    static let tagSize = 16
    private let key: [UInt8]

    /// - Throws: `SealedArchiveError.keyTooShort`, or `.library`.
    init(key source: SealedArchive.Key, header: SealedHeader) throws(SealedArchiveError) {
        let secret = try Self.bytes(of: source)
        let phrase = secret.map { CChar(bitPattern: $0) }
        var key = [UInt8](repeating: 0, count: 32)
        let code = EVP_PBE_scrypt(
            phrase,
            phrase.count,
            header.salt,
            header.salt.count,
            UInt64(1) << header.cost,
            UInt64(header.shape >> 4),
            UInt64(header.shape & 15),
            2 << 30,
            &key,
            key.count
        )
        guard code == 1 else { throw .library(OpenSSLError(attempted: "derive a key with scrypt")) }
        self.key = key
        OPENSSL_cleanse(&key, key.count)
    }

    static func random(_ count: Int) throws(SealedArchiveError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else {
            throw .library(OpenSSLError(attempted: "draw random bytes"))
        }
        return bytes
    }

    private static func bytes(of key: SealedArchive.Key) throws(SealedArchiveError) -> [UInt8] {
        switch key {
        case .passphrase(let text):
            guard !text.reveal().isEmpty else { throw .keyTooShort(.passphrase, minimum: 1) }
            return Array(text.reveal().utf8)
        case .recoveryCode(let text):
            guard let code = RecoveryCode(text.reveal()) else { throw .wrongKey(sealedWith: .recoveryCode) }
            return Array(code.letters.reveal().utf8)
        case .keyFile(let bytes):
            guard bytes.reveal().count >= 16 else { throw .keyTooShort(.keyFile, minimum: 16) }
            return bytes.reveal()
        }
    }

    /// The sealed bytes followed by their tag.
    func seal(_ plain: [UInt8], number: UInt64, authenticated: [UInt8]) throws(SealedArchiveError) -> [UInt8] {
        guard let context = EVP_CIPHER_CTX_new() else { throw .library(OpenSSLError(attempted: "make a cipher")) }
        defer { EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: plain.count)
        var tag = [UInt8](repeating: 0, count: Self.tagSize)
        var count: Int32 = 0
        var ending: [UInt8] = [0]
        guard EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, Self.nonce(number)) == 1,
            authenticated.isEmpty
                || EVP_EncryptUpdate(context, nil, &count, authenticated, Int32(authenticated.count)) == 1,
            plain.isEmpty || EVP_EncryptUpdate(context, &sealed, &count, plain, Int32(plain.count)) == 1,
            EVP_EncryptFinal_ex(context, &ending, &count) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), &tag) == 1
        else { throw .library(OpenSSLError(attempted: "encrypt with AES-256-GCM")) }
        return sealed + tag
    }

    /// The plain bytes; `nil` where the tag does not fit.
    func open(_ sealed: [UInt8], number: UInt64, authenticated: [UInt8]) throws(SealedArchiveError) -> [UInt8]? {
        guard sealed.count >= Self.tagSize else { return nil }
        guard let context = EVP_CIPHER_CTX_new() else { throw .library(OpenSSLError(attempted: "make a cipher")) }
        defer { EVP_CIPHER_CTX_free(context) }
        let body = Array(sealed.dropLast(Self.tagSize))
        var tag = Array(sealed.suffix(Self.tagSize))
        var plain = [UInt8](repeating: 0, count: body.count)
        var count: Int32 = 0
        var ending: [UInt8] = [0]
        guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, Self.nonce(number)) == 1,
            authenticated.isEmpty
                || EVP_DecryptUpdate(context, nil, &count, authenticated, Int32(authenticated.count)) == 1,
            body.isEmpty || EVP_DecryptUpdate(context, &plain, &count, body, Int32(body.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag) == 1
        else { throw .library(OpenSSLError(attempted: "decrypt with AES-256-GCM")) }
        guard EVP_DecryptFinal_ex(context, &ending, &count) == 1 else {
            ERR_clear_error()
            return nil
        }
        return plain
    }

    /// The chunk's number: under a key of its own each number is used once.
    private static func nonce(_ number: UInt64) -> [UInt8] {
        [0, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
