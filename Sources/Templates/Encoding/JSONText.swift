/// Encodes values as JSON (RFC 8259), two spaces per level.
package enum JSONText {
    /// The document with a final newline.
    package static func encode(_ value: OrderedValue) -> String { text(value, indent: "") + "\n" }

    /// The document on one line, without a final newline.
    package static func encodeCompact(_ value: OrderedValue) -> String {
        switch value {
        case .array(let items): "[" + items.map(encodeCompact).joined(separator: ",") + "]"
        case .object(let fields):
            "{" + fields.map { quote($0.name) + ":" + encodeCompact($0.value) }.joined(separator: ",") + "}"
        default: text(value, indent: "")
        }
    }

    private static func text(_ value: OrderedValue, indent: String) -> String {
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .string(let string): return quote(string)
        case .array(let items): return block("[", items.map { text($0, indent: indent + "  ") }, "]", indent: indent)
        case .object(let fields):
            let lines = fields.map { "\(quote($0.name)): \(text($0.value, indent: indent + "  "))" }
            return block("{", lines, "}", indent: indent)
        }
    }

    private static func block(_ open: String, _ lines: [String], _ close: String, indent: String) -> String {
        guard !lines.isEmpty else { return open + close }
        return open + "\n" + lines.map { indent + "  " + $0 }.joined(separator: ",\n") + "\n" + indent + close
    }

    /// A JSON string, which is also a YAML double-quoted scalar and a TOML basic string.
    package static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                // DEL, C1 controls, line separators and the byte order mark are refused raw by YAML or TOML.
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || [0x2028, 0x2029, 0xFEFF].contains(scalar.value)
                {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
