/// What an inventory's bytes must hold before a YAML parser sees them.
///
/// Keeps time and memory bounded whatever is given (RELIABILITY.md, F07).
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
        if let offset = bytes.firstIndex(of: 0) {
            throw refusal(
                "inventory.binary",
                file: file,
                "byte \(offset) is NUL: this is not a text file",
                "give a YAML file in UTF-8"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(
                "inventory.not-utf8",
                file: file,
                "the file is not valid UTF-8",
                "save it as UTF-8; `iconv -t UTF-8` converts other encodings"
            )
        }
        return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
    }

    static func refusal(_ code: String, file: String, _ message: String, _ remedy: String) -> InventoryProblems {
        var list = ProblemList(file: file, text: "")
        list.add(code, at: .none, message, fix: remedy)
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
        for byte in text.utf8 {
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
