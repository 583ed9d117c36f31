/// Encodes an object as TOML 1.0: the scalars of a table first, then its inner tables under full headers.
package enum TOMLText {
    package static func encode(_ value: OrderedValue) -> String {
        blocks(value.fields, path: []).joined(separator: "\n")
    }

    private static func blocks(_ fields: [OrderedValue.Field], path: [String]) -> [String] {
        let scalars = fields.filter { !isTable($0.value) && $0.value != .null }
        let tables = fields.filter { isTable($0.value) }
        var own = scalars.map { "\(key($0.name)) = \(inline($0.value))\n" }.joined()
        if !path.isEmpty, !scalars.isEmpty || tables.isEmpty {
            own = "[\(path.map(key).joined(separator: "."))]\n" + own
        }
        return (own.isEmpty ? [] : [own]) + tables.flatMap { blocks($0.value.fields, path: path + [$0.name]) }
    }

    private static func isTable(_ value: OrderedValue) -> Bool {
        if case .object = value { return true }
        return false
    }

    private static func inline(_ value: OrderedValue) -> String {
        switch value {
        case .null: "\"\""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .string(let text): JSONText.quote(text)
        case .array(let items): "[" + items.map(inline).joined(separator: ", ") + "]"
        case .object(let fields):
            "{" + fields.map { "\(key($0.name)) = \(inline($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private static func key(_ name: String) -> String {
        let bare = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
        return bare && !name.isEmpty ? name : JSONText.quote(name)
    }
}
