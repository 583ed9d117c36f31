package import PKI
import Templates

/// Turns what an inspection brought back into generations, by the generations that a store knows.
package struct TrustReading: Sendable {
    private let known: [TrustRoot: [KnownGeneration]]

    package init(known: [TrustRoot: [KnownGeneration]]) { self.known = known }

    /// SHA-256 of every key with which a root signs or signed.
    package func digests(of root: TrustRoot) -> Set<String> {
        Set((known[root] ?? []).compactMap { $0.secret.map { SHA256Digest.hex(of: $0.reveal()) } })
    }

    /// What one host shows of every root of which it has files.
    package func sights(
        _ inspection: CertificateInspection,
        _ answer: CertificateAnswer,
        host: String
    ) -> [TrustPosition.Sight] {
        TrustRoot.allCases.compactMap { root in
            var sight = TrustPosition.Sight(host: host, root: root, accepted: [], issuing: [], strangers: [])
            for file in inspection.trustFiles where file.root == root {
                guard let word = answer.trust[file], !file.isUnreadable(word) else { continue }
                read(file, word, into: &sight)
            }
            guard !sight.accepted.isEmpty || !sight.strangers.isEmpty else { return nil }
            for entry in inspection.entries where entry.subject.issuer.rawValue == root.rawValue {
                guard let facts = answer.pairs[entry.identifier]?.facts else { continue }
                sight.issuing.formUnion(numbers(root) { Self.issued(facts, $0) })
            }
            return sight
        }
    }

    private func numbers(_ root: TrustRoot, _ isOf: (KnownGeneration) -> Bool) -> [Int] {
        (known[root] ?? []).filter(isOf).map(\.number)
    }

    private func read(_ file: TrustFile, _ word: String, into sight: inout TrustPosition.Sight) {
        switch file.form {
        case .digest:
            sight.issuing.formUnion(
                numbers(file.root) { $0.secret.map { SHA256Digest.hex(of: $0.reveal()) == word } ?? false }
            )
        case .names: readKeys(file.root, word, into: &sight)
        case .bundle:
            var accepted: Set<Int> = []
            for block in PEMBlocks.split(word.replacing(",", with: "\n").replacing("_", with: " ")) {
                let found = numbers(file.root) {
                    PEMBlocks.split(String(decoding: $0.open, as: UTF8.self)).contains(block)
                }
                accepted.formUnion(found)
                if found.isEmpty { sight.strangers.append(Self.name(block)) }
            }
            sight.accepted.append(accepted)
        }
    }

    /// Keys by their names and by their bytes: what was encrypted under a name opens with the same key alone.
    private func readKeys(_ root: TrustRoot, _ word: String, into sight: inout TrustPosition.Sight) {
        let generations = known[root] ?? []
        var found: [Int] = []
        for entry in word.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let owner = generations.first { $0.secret.map { SHA256Digest.hex(of: $0.reveal()) } == parts.last }
            if let owner, Self.name(owner) == parts[0] {
                found.append(owner.number)
            } else if let owner {
                sight.strangers.append("the store's \(Self.name(owner)) under the name \(parts[0])")
            } else {
                let isNamed = generations.contains { Self.name($0) == parts[0] }
                sight.strangers.append(isNamed ? "another \(parts[0]) than the store's" : parts[0])
            }
        }
        sight.accepted.append(Set(found))
        if let first = found.first { sight.issuing.insert(first) }
    }

    /// What API servers call an encryption key.
    private static func name(_ generation: KnownGeneration) -> String { "key\(generation.number)" }

    private static func issued(_ facts: CertificateFacts, _ generation: KnownGeneration) -> Bool {
        guard let authority = try? CertificateFacts(pem: generation.open) else { return false }
        return facts.authorityKeyIdentifier == authority.subjectKeyIdentifier
    }

    /// What a stranger calls itself.
    private static func name(_ block: String) -> String {
        guard let facts = try? CertificateFacts(pem: Array(block.utf8)) else { return "a key that the store has not" }
        return "\(facts.commonName) (serial \(facts.serial.suffix(8)))"
    }
}

/// PEM texts with more than one block.
package enum PEMBlocks {
    /// Each block without what stands around it, its lines as they are.
    package static func split(_ text: String) -> [String] {
        var blocks: [String] = []
        var lines: [Substring] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("-----BEGIN") { lines = [] }
            lines.append(line)
            if line.hasPrefix("-----END") { blocks.append(lines.joined(separator: "\n") + "\n") }
        }
        return blocks
    }

    /// SHA-256 of each block's base64 text without line ends, as the shell's `prints` computes it.
    package static func prints(_ bytes: [UInt8]) -> [String] {
        split(String(decoding: bytes, as: UTF8.self)).map { block in
            let body = block.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
            return SHA256Digest.hex(of: Array(body.utf8))
        }
    }
}
