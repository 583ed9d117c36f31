/// Reads the checksum files that projects put beside their releases.
enum ChecksumFile {
    /// The SHA-256 for `name`: a bare hash, or the `sha256sum` line that ends in that name.
    static func hash(for name: String, in text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline)
        for line in lines {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let hash = words.first?.lowercased(), isHash(hash) else { continue }
            if words.count == 1 && lines.count == 1 { return hash }
            if words.count == 2, fileName(words[1]) == name { return hash }
        }
        return nil
    }

    /// `sha256sum` marks binary mode by `*`, and some projects list paths.
    private static func fileName(_ word: Substring) -> String {
        let path = word.first == "*" ? word.dropFirst() : word
        return path.split(separator: "/").last.map(String.init) ?? String(path)
    }

    private static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
