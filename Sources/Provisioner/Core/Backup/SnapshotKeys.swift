package import PKI
import Templates

/// Secrets that lie under one key, as the prefixes of their values name it.
package struct EncryptionUse: Sendable, Hashable {
    package var provider: String
    package var key: String
    /// How many.
    package var secrets: Int

    /// Reads `COUNT k8s:enc:PROVIDER:VERSION:KEY:`.
    package init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, let count = Int(words[0]) else { return nil }
        let parts = words[1].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "k8s", parts[1] == "enc" else { return nil }
        (provider, key, secrets) = (parts[2], parts[4], count)
    }
}

/// The keys that API servers would have after a restore, against those under which a snapshot's Secrets lie.
package struct SnapshotKeys: Sendable {
    /// Why nobody could read some of them.
    package enum Gap: Sendable, Hashable {
        /// API servers would use another provider, or none.
        case provider
        /// They would have no key of this name.
        case name
        /// They would have one of this name, and it is another.
        case content
    }

    private let provider: FeatureSpec.EncryptionProvider
    private let keys: [ClusterMaterials.EncryptionKey]

    package init(provider: FeatureSpec.EncryptionProvider, keys: [ClusterMaterials.EncryptionKey]) {
        self.provider = provider
        self.keys = keys
    }

    /// Controllers whose API servers read their keys from a file of their own, of which nothing is known.
    package static func unknowable(_ spec: ClusterSpec) -> [String] {
        spec.hosts(.controller).filter { host in
            (host.extraFlags[.kubeAPIServer] ?? [:]).keys
                .contains { $0.drop { $0 == "-" } == "encryption-provider-config" }
        }
        .map(\.name)
    }

    /// The keys' names, the one that encrypts first.
    package var names: [String] { keys.map(\.name) }

    /// What could not be read, and why.
    package func unreadable(_ answer: TrialAnswer) throws -> [(use: EncryptionUse, gap: Gap)] {
        try answer.uses.compactMap { use in try gap(use, answer).map { (use: use, gap: $0) } }
    }

    private func gap(_ use: EncryptionUse, _ answer: TrialAnswer) throws -> Gap? {
        guard use.provider == provider.rawValue else { return .provider }
        guard let key = keys.first(where: { $0.name == use.key }) else { return .name }
        let values = answer.values(of: use)
        let isRight = try values.contains { try StoredSecret.opens($0, with: [key.bytes]) }
        return values.isEmpty || isRight ? nil : .content
    }

    /// The key of some Secrets among those that were put away.
    ///
    /// - Parameters:
    ///   - use: The Secrets.
    ///   - answer: Where they lie.
    ///   - kept: What was put away.
    /// - Returns: One that opens them; where none of them is at hand, one of the name.
    /// - Throws: `OpenSSLError` where libcrypto fails.
    package static func key(of use: EncryptionUse, in answer: TrialAnswer, among kept: [KeptKey]) throws -> KeptKey? {
        let named = kept.filter {
            ClusterMaterials.EncryptionKey(generation: $0.generation, bytes: $0.bytes).name == use.key
        }
        let values = answer.values(of: use)
        if values.isEmpty { return named.first }
        return try named.first { key in try values.contains { try StoredSecret.opens($0, with: [key.bytes]) } }
    }
}

extension TrialAnswer {
    /// Those of the Secrets at hand that lie under one key.
    func values(of use: EncryptionUse) -> [EncryptedValue] {
        secrets.compactMap { EncryptedValue($0.value) }
            .filter { $0.provider.rawValue == use.provider && $0.keyName == use.key }
    }
}
