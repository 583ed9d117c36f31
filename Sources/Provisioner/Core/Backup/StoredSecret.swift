package import PKI
package import Templates

/// A Secret as API servers store it.
package enum StoredSecret {
    /// Protobuf behind a magic number, or JSON.
    package static func isPlain(_ bytes: [UInt8]) -> Bool {
        guard bytes.starts(with: Array("k8s\0".utf8)) || bytes.first == 0x7B else { return false }
        return String(decoding: bytes.prefix(128), as: UTF8.self).contains("Secret")
    }

    /// Whether one of the keys makes a Secret of it: AES-CBC alone does not know a wrong key for certain.
    package static func opens(_ value: EncryptedValue, with keys: [Secret<[UInt8]>]) throws -> Bool {
        for key in keys { if let plain = try value.open(key), isPlain(plain.reveal()) { return true } }
        return false
    }
}
