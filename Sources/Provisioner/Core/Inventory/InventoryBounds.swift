/// What an inventory's bytes must hold before a YAML parser sees them.
///
/// Keeps time and memory bounded whatever is given.
enum InventoryBounds {
    static let maximumBytes = 4 << 20
    /// Values visited after aliases are followed; a thousand hosts need about fifty thousand.
    static let maximumValues = 500_000
    static let maximumDepth = 32

    /// The text, or the one problem that keeps it from being read.
    static func text(of bytes: [UInt8], file: String) throws(InventoryProblems) -> String {
        guard bytes.count <= maximumBytes else {
            throw refusal(
                "inventory.too-large",
                file: file,
                "the file has \(bytes.count) bytes, the limit is \(maximumBytes)",
                "check that this is the inventory; a thousand hosts need less than 1 MB"
            )
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw refusal(
                "inventory.not-utf8",
                file: file,
                "the file is UTF-16",
                "save it as UTF-8: iconv -f UTF-16 -t UTF-8"
            )
        }
        if let offset = bytes.firstIndex(of: 0) {
            throw refusal(
                "inventory.binary",
                file: file,
                "byte \(offset) is NUL: this is not a text file",
                "give a YAML file in UTF-8"
            )
        }
        if let offset = bytes.firstIndex(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) || $0 == 0x7F }) {
            throw refusal(
                "inventory.control-character",
                file: file,
                at: mark(of: offset, in: bytes),
                in: bytes,
                "a control character, byte \(String(bytes[offset], radix: 16))",
                "remove it"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(
                "inventory.not-utf8",
                file: file,
                at: firstInvalidLine(bytes),
                in: bytes,
                "this line is not valid UTF-8",
                "save it as UTF-8; `iconv -t UTF-8` converts other encodings"
            )
        }
        return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
    }

    /// Without the lines below `key: |`: scripts are full of stars and question marks that mean nothing to YAML.
    private static func withoutBlockScalars(_ text: String) -> String {
        guard text.contains(": |") || text.contains(": >") else { return text }
        var kept: [Substring] = []
        var block: Int?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indentation = line.utf8.prefix { $0 == 0x20 }.count
            if let start = block {
                if line.utf8.count == indentation || indentation > start { continue }
                block = nil
            }
            kept.append(line)
            if opensBlockScalar(line) { block = indentation }
        }
        return kept.joined(separator: "\n")
    }

    /// `key: |`, also as an item of a list; anything odd in the line is read as usual.
    private static func opensBlockScalar(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        guard words.count >= 2, let last = words.last, ["|", "|-", "|+", ">", ">-", ">+"].contains(last) else {
            return false
        }
        let keys = words.dropLast().drop { $0 == "-" }
        guard keys.count == 1, let key = keys.first, key.last == ":" else { return false }
        return key.dropLast().utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                || "-_.".utf8.contains(byte)
        }
    }

    /// Line and column, from 1, of a byte.
    private static func mark(of offset: Int, in bytes: [UInt8]) -> SourceMark {
        let before = bytes[..<offset]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return SourceMark(line: before.count { $0 == 0x0A } + 1, column: offset - start + 1)
    }

    private static func firstInvalidLine(_ bytes: [UInt8]) -> SourceMark {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
        return SourceMark(line: (index ?? 0) + 1, column: 1)
    }

    static func refusal(
        _ code: String,
        file: String,
        at mark: SourceMark = .none,
        in bytes: [UInt8] = [],
        _ message: String,
        _ remedy: String
    ) -> InventoryProblems {
        let readable = bytes.map { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
        var list = ProblemList(file: file, text: String(decoding: readable, as: UTF8.self))
        list.add(code, at: mark, message, fix: remedy)
        return InventoryProblems(list.problems)
    }

    /// Whether a mapping key could hold an alias or a collection.
    ///
    /// Comparing such keys takes exponential time when aliases are nested, so they are refused where aliases occur.
    static func hasAliasInKey(_ text: String) -> Bool {
        var hasAlias = false
        var hasComplexKey = false
        var previous: UInt8 = 0x20
        var inAlias = false
        var lastMark: UInt8 = 0
        for byte in withoutBlockScalars(text).utf8 {
            let separated = [0x20, 0x0A, 0x5B, 0x7B, 0x2C, 0x3A, 0x2D].contains(previous)
            if byte == UInt8(ascii: "*"), separated { (hasAlias, inAlias, lastMark) = (true, true, byte) }
            if byte == UInt8(ascii: "?"), separated { lastMark = byte }
            if byte == 0x20 && lastMark == UInt8(ascii: "?") && previous == UInt8(ascii: "?") { hasComplexKey = true }
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { (lastMark, inAlias) = (byte, false) }
            if byte == UInt8(ascii: ":"), inAlias || [0x5D, 0x7D].contains(lastMark) { hasComplexKey = true }
            if byte == 0x0A || byte == 0x2C { (inAlias, lastMark) = (false, 0) }
            if byte > 0x20, byte != UInt8(ascii: ":"), [0x5D, 0x7D].contains(previous) { lastMark = byte }
            previous = byte
        }
        return hasAlias && hasComplexKey
    }
}
