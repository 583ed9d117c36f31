package import Templates

/// Takes secrets out of text before it is handed to anybody.
///
/// Two ways, one on top of the other: the values that this cluster's own store holds, wherever they stand and in whichever
/// of their encodings; and the forms that secrets of any origin have.
package struct Redaction: Sendable {
    package static let mark = "[redacted]"

    /// Words that are, or are a line of, a known secret.
    private let known: Set<String>

    /// - Parameter secrets: Keys in PEM, raw key bytes, tokens.
    package init(secrets: [Secret<[UInt8]>]) {
        known = secrets.reduce(into: []) { $0.formUnion(Self.pieces(of: $1.reveal())) }
    }

    /// The lines of a text, or the encodings of bytes; short ones would hit what is no secret.
    private static func pieces(of bytes: [UInt8]) -> [String] {
        var pieces = [Base64Text.encode(bytes), hex(bytes)]
        if let text = String(validating: bytes, as: UTF8.self) {
            let lines = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("-----") }
            // Inside a JSON string a line break is a backslash and an `n`, which then clings to the next line.
            pieces += lines + lines.map { "n" + $0 }
        }
        return pieces.filter { $0.utf8.count >= 16 }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The text without secrets, and how many places were hidden.
    package func redact(_ text: String) -> (text: String, count: Int) {
        var count = 0
        var isInKey = false
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let ends = line.contains("-----END") && line.contains("PRIVATE KEY")
            if isInKey {
                isInKey = !ends
                continue
            }
            if line.contains("PRIVATE KEY"), let begin = line.firstRange(of: "-----BEGIN") {
                lines.append(line[..<begin.lowerBound] + Self.mark)
                count += 1
                isInKey = !ends
                continue
            }
            let (plain, found) = withoutKnown(line)
            let (clean, hidden) = Self.withoutForms(plain)
            count += found + hidden
            lines.append(clean)
        }
        return (lines.joined(separator: "\n"), count)
    }

    private func withoutKnown(_ line: Substring) -> (String, Int) {
        guard line.utf8.count >= 16, !known.isEmpty else { return (String(line), 0) }
        let words = line.utf8.split { !Self.isWordByte($0) }.filter { $0.count >= 16 }.compactMap { String($0) }
        let found = Set(words.filter(known.contains))
        return (found.reduce(String(line)) { $0.replacing($1, with: Self.mark) }, found.count)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "+/=_-".utf8.contains(byte)
    }

    /// One line: values of telling keys, tokens by their form, passwords in addresses.
    private static func withoutForms(_ line: String) -> (String, Int) {
        let lower = line.lowercased()
        var line = line
        var count = 0
        for form in forms where form.hints.contains(where: { lower.contains($0) }) {
            let found = line.matches(of: form.value)
            guard !found.isEmpty else { continue }
            count += found.count
            line = line.replacing(form.value) { "\($0.output.1)\(mark)" }
        }
        return (line, count)
    }

    /// What stays is the first group, what follows it goes; a line without a hint is not searched.
    ///
    /// Unchecked because `Regex` is not marked: each is made once from a literal and only ever matched against.
    private struct Form: @unchecked Sendable {
        let hints: [String]
        let value: Regex<(Substring, Substring)>
    }

    private static let forms: [Form] = [
        // JSON Web Tokens, and whatever begins like one.
        Form(hints: ["eyj"], value: /()eyJ[A-Za-z0-9_\-]{10,}(?:\.[A-Za-z0-9_\-]+)*/),
        Form(hints: ["bearer", "basic"], value: /((?:Bearer|Basic)\s+)[A-Za-z0-9._~+\/=\-]{8,}/.ignoresCase()),
        // Keys whose values are secrets, in YAML, JSON, INI and on command lines; names of files stay.
        Form(
            hints: ["passw", "passphrase", "secret", "key", "token", "credential", "auth", "psk"],
            value:
                /((?:^|[\s"'{,?&\-])(?:client-key-data|password|passwd|passphrase|secret|secretkey|secret-key|api-?key|access-?key|token|id-token|refresh-token|credentials?|auth_pass|psk)["']?\s*[:=]\s*["']?)(?![\/\s"'\[{]|true|false|null)[^\s"',}]{4,}/
                .ignoresCase()
        ),
        // haproxy and keepalived.
        Form(hints: ["auth", "password"], value: /((?:stats\s+auth|auth_pass|insecure-password)\s+)\S+/),
        // user:password@host.
        Form(hints: ["://"], value: /(:\/\/[^\s:\/@]+:)[^\s@\/]+(?=@)/),
        // Bootstrap tokens.
        Form(hints: ["."], value: /()\b[a-z0-9]{6}\.[a-z0-9]{16}\b/),
        // A private key in base64 on one line, as kubeconfigs and Secrets hold it: `-----BEGIN … PRIVATE KEY`.
        Form(
            hints: ["ls0tls1crudjti"],
            value: /()LS0tLS1CRUdJTi[A-Za-z0-9+\/=]*(?:UFJJVkFURSBLRV|QUklWQVRFIEtFW)[A-Za-z0-9+\/=]*/
        ),
    ]
}
