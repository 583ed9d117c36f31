/// Encodes values as YAML 1.1 and 1.2 block style; what one of the two would read differently is quoted.
package enum YAMLText {
    /// One document with a final newline.
    package static func encode(_ value: OrderedValue) -> String {
        switch value {
        case .object(let fields) where !fields.isEmpty: lines(of: fields).joined(separator: "\n") + "\n"
        case .array(let items) where !items.isEmpty: lines(of: items).joined(separator: "\n") + "\n"
        default: scalar(value) + "\n"
        }
    }

    /// Several documents, separated by `---`.
    package static func encode(documents: [OrderedValue]) -> String {
        documents.map(encode).joined(separator: "---\n")
    }

    private static func lines(of fields: [OrderedValue.Field]) -> [String] {
        fields.flatMap { field -> [String] in
            let key = plainOrQuoted(field.name) + ":"
            switch field.value {
            case .object(let inner) where !inner.isEmpty: return [key] + indented(lines(of: inner))
            case .array(let items) where !items.isEmpty: return [key] + lines(of: items)
            case .string(let text) where isLiteralBlock(text): return [key + " |"] + literal(text)
            default: return [key + " " + scalar(field.value)]
            }
        }
    }

    private static func lines(of items: [OrderedValue]) -> [String] {
        items.flatMap { item -> [String] in
            switch item {
            case .object(let fields) where !fields.isEmpty: return dashed(lines(of: fields))
            case .array(let inner) where !inner.isEmpty: return dashed(lines(of: inner))
            case .string(let text) where isLiteralBlock(text): return ["- |"] + literal(text)
            default: return ["- " + scalar(item)]
            }
        }
    }

    private static func indented(_ lines: [String]) -> [String] { lines.map { $0.isEmpty ? $0 : "  " + $0 } }

    private static func dashed(_ lines: [String]) -> [String] {
        lines.enumerated().map { index, line in
            if index == 0 { return "- " + line }
            return line.isEmpty ? line : "  " + line
        }
    }

    private static func scalar(_ value: OrderedValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .string(let text): plainOrQuoted(text)
        case .array: "[]"
        case .object: "{}"
        }
    }

    /// Text of several lines that a `|` block gives back byte for byte.
    private static func isLiteralBlock(_ text: String) -> Bool {
        guard text.hasSuffix("\n"), !text.hasSuffix("\n\n"), text.utf8.count > 1,
            let first = text.first, first != " ", first != "\n", first != "\t"
        else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || (0x20...0x7E).contains($0.value) }
    }

    private static func literal(_ text: String) -> [String] {
        indented(text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    private static func plainOrQuoted(_ text: String) -> String { isPlain(text) ? text : JSONText.quote(text) }

    private static let reserved: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n",
    ]

    /// A conservative subset: starts with a letter or slash, holds nothing that could end or change the scalar.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/"),
            !reserved.contains(text.lowercased()), text.utf8.last != UInt8(ascii: ":")
        else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "._/-:+@".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
