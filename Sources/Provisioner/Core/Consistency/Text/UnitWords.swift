/// Splits a command line as systemd.syntax(7) says: quotes, C escapes, then `%%` and `$$`.
enum UnitWords {
    static func split(_ text: some StringProtocol) -> [String] {
        let isPlain = text.utf8.allSatisfy { !"\\\"'%$".utf8.contains($0) }
        return isPlain ? text.split { $0 == " " || $0 == "\t" }.map { String($0) } : unquoted(text)
    }

    private static func unquoted(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\\": word = (word ?? "") + escape(&rest)
            case "\"" where quote != "'", "'" where quote != "\"":
                quote = quote == nil ? character : nil
                word = word ?? ""
            case " " where quote == nil, "\t" where quote == nil:
                if let complete = word { words.append(plain(complete)) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        if let complete = word { words.append(plain(complete)) }
        return words
    }

    private static func escape(_ rest: inout Substring) -> String {
        guard let next = rest.popFirst() else { return "" }
        switch next {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "s": return " "
        case "x":
            let digits = rest.prefix(2)
            rest = rest.dropFirst(2)
            return UInt8(digits, radix: 16).map { String(Unicode.Scalar($0)) } ?? ""
        default: return String(next)
        }
    }

    private static func plain(_ word: String) -> String {
        word.replacing("%%", with: "%").replacing("$$", with: "$")
    }
}
