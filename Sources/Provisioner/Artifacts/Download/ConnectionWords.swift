/// What keeps a connection from being opened, in plain words instead of the network library's.
enum ConnectionWords {
    /// - Parameter text: The library's description of an error.
    /// - Returns: A name that does not resolve, or what the system answered; other texts as they are.
    static func plain(_ text: String) -> String {
        if text.contains("UnknownHost"), let host = between(" for host ", ",", text) {
            return "the name \(host) does not resolve"
        }
        if text.contains("SingleConnectionFailure"), let answer = between("(error set): ", " (errno", text) {
            return "no connection: \(answer.lowercased())"
        }
        return text
    }

    /// What stands between two marks; `nil` where one of them is missing.
    private static func between(_ start: String, _ end: String, _ text: String) -> String? {
        guard let first = text.firstRange(of: start) else { return nil }
        let rest = text[first.upperBound...]
        guard let last = rest.firstRange(of: end), last.lowerBound > rest.startIndex else { return nil }
        return String(rest[..<last.lowerBound])
    }
}
