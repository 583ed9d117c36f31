internal import COpenSSL
package import Templates

/// A value as an API server with encryption at rest writes it into etcd: `k8s:enc:PROVIDER:v1:KEY:` and the sealed bytes.
package struct EncryptedValue: Sendable {
    package enum Provider: String, Sendable { case secretbox, aescbc }

    package let provider: Provider
    /// The key's name in the API servers' configuration.
    package let keyName: String
    private let payload: [UInt8]

    /// `nil` where the value is plain, or encrypted by a provider that is not known.
    package init?(_ bytes: [UInt8]) {
        let prefix = Array("k8s:enc:".utf8)
        guard bytes.starts(with: prefix) else { return nil }
        let parts = bytes.dropFirst(prefix.count).split(separator: 0x3A, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].elementsEqual("v1".utf8),
            let provider = Provider(rawValue: String(decoding: parts[0], as: UTF8.self))
        else { return nil }
        self.provider = provider
        keyName = String(decoding: parts[2], as: UTF8.self)
        payload = Array(parts[3])
    }

    /// The plain bytes; `nil` where the key is not the right one, or the value was changed.
    ///
    /// - Throws: `OpenSSLError` where libcrypto fails.
    package func open(_ key: Secret<[UInt8]>) throws(OpenSSLError) -> Secret<[UInt8]>? {
        switch provider {
        case .secretbox: try Secretbox.open(payload, key: key.reveal()).map { Secret($0) }
        case .aescbc: try Self.openCBC(payload, key: key.reveal()).map { Secret($0) }
        }
    }

    /// AES-CBC with PKCS#7 padding, the initialisation vector first.
    private static func openCBC(_ sealed: [UInt8], key: [UInt8]) throws(OpenSSLError) -> [UInt8]? {
        guard sealed.count >= 32, sealed.count % 16 == 0, key.count == 32 else { return nil }
        guard let context = EVP_CIPHER_CTX_new() else { throw OpenSSLError(attempted: "make a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        let body = Array(sealed.dropFirst(16))
        var plain = [UInt8](repeating: 0, count: body.count + 16)
        var count: Int32 = 0
        guard EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nil, key, Array(sealed.prefix(16))) == 1,
            EVP_DecryptUpdate(context, &plain, &count, body, Int32(body.count)) == 1
        else { throw OpenSSLError(attempted: "decrypt with AES-CBC") }
        var rest = [UInt8](repeating: 0, count: 32)
        var more: Int32 = 0
        guard EVP_DecryptFinal_ex(context, &rest, &more) == 1 else {
            ERR_clear_error()
            return nil
        }
        return Array(plain.prefix(Int(count))) + rest.prefix(Int(more))
    }
}
