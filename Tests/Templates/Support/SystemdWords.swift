/// Reads a setting as systemd does: continued lines, words, quotes, C escapes, then specifiers and variables.
enum SystemdWords {
    static func read(_ text: String, expandingDollar: Bool) -> [String] {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var rest = joined(text).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\":
                word = (word ?? .init()) + escape(&rest)
            case "\"", "'":
                if quote == scalar {
                    quote = nil
                } else if quote == nil {
                    quote = scalar
                    word = word ?? .init()
                } else {
                    word = (word ?? .init()) + [scalar]
                }
            case _ where quote == nil && (scalar == " " || scalar == "\t"):
                if let complete = word { words.append(expand(String(complete), expandingDollar)) }
                word = nil
            default:
                word = (word ?? .init()) + [scalar]
            }
        }
        if let complete = word { words.append(expand(String(complete), expandingDollar)) }
        return words
    }

    private static func joined(_ text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(line.hasSuffix("\\") ? line.dropLast() + " "[...] : line)
        }
        return lines.joined()
    }

    private static func escape(_ rest: inout Substring.UnicodeScalarView) -> String.UnicodeScalarView {
        guard let next = rest.popFirst() else { return .init() }
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "\"": "\"", "'": "'", "s": " ",
        ]
        if let scalar = simple[next] { return .init([scalar]) }
        let digits = String(Substring(rest.prefix(2)))
        rest = rest.dropFirst(2)
        guard next == "x", let value = UInt8(digits, radix: 16) else { return .init(["?"]) }
        return .init([Unicode.Scalar(value)])
    }

    /// `%%` and `$$` stand for themselves; a lone one would be a specifier or a variable.
    private static func expand(_ word: String, _ dollar: Bool) -> String {
        var result = String.UnicodeScalarView()
        var rest = word.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "%" || dollar && scalar == "$" {
                guard rest.popFirst() == scalar else { return "<expanded>" }
            }
            result.append(scalar)
        }
        return String(result)
    }
}
