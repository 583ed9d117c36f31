/// JSON with a fixed order of members, as needed for generated documents.
indirect enum JSONText {
    case text(String)
    /// A number, `true` or `false`, written as it is.
    case literal(String)
    case array([JSONText])
    case object([(String, JSONText)])

    func rendered(indentation: Int) -> String {
        let inner = String(repeating: " ", count: indentation + 2)
        let outer = String(repeating: " ", count: indentation)
        switch self {
        case .text(let text): return Self.quoted(text)
        case .literal(let text): return text
        case .array(let items) where items.allSatisfy(\.isScalar):
            return "[" + items.map { $0.rendered(indentation: 0) }.joined(separator: ", ") + "]"
        case .array(let items):
            let lines = items.map { inner + $0.rendered(indentation: indentation + 2) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { inner + Self.quoted($0.0) + ": " + $0.1.rendered(indentation: indentation + 2) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .text, .literal: true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
