/// Encryption of secrets in etcd, `apiserver.config.k8s.io/v1`; plain text stays readable, so turning it on is safe.
package struct EncryptionConfig: Sendable {
    package enum Provider: String, Sendable, Hashable { case secretbox, aescbc }

    /// A 32-byte key; the first of the list encrypts, all decrypt.
    package struct Key: Sendable {
        package var name: String
        package var bytes: Secret<[UInt8]>

        package init(name: String, bytes: Secret<[UInt8]>) {
            self.name = name
            self.bytes = bytes
        }
    }

    package var provider: Provider
    package var keys: [Key]
    package var resources: [String] = ["secrets"]
    package var paths: HostPaths

    package init(provider: Provider = .secretbox, keys: [Key], paths: HostPaths = .standard) {
        self.provider = provider
        self.keys = keys
        self.paths = paths
    }

    /// The document; it holds the keys.
    package var value: OrderedValue {
        let entries = keys.map { key -> OrderedValue in
            ["name": .string(key.name), "secret": .string(Base64Text.encode(key.bytes.reveal()))]
        }
        let provider = OrderedValue.object([.init(provider.rawValue, ["keys": .array(entries)])])
        return [
            "apiVersion": "apiserver.config.k8s.io/v1",
            "kind": "EncryptionConfiguration",
            "resources": [["resources": .strings(resources), "providers": [provider, ["identity": [:]]]]],
        ]
    }

    package func rendered() -> RenderedFile {
        RenderedFile(path: paths.encryptionConfig, text: YAMLText.encode(value), mode: 0o600, secrecy: .secret)
    }
}
