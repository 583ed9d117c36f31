/// What is said of a single value that does not fit.
extension ShapeChecker {
    static func expectation(_ shape: InventoryShape) -> String {
        switch shape {
        case .text(let format): format.summary
        case .verbatim(let words): words
        case .literal: "a value, a list or a table of keys"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        default: "a single value"
        }
    }

    /// `plain` as in `LocatedValue.Content`; `nil` when nothing is wrong.
    static func complaint(
        about text: String,
        plain: Bool,
        _ shape: InventoryShape,
        name: String
    ) -> ScalarFormat.Complaint? {
        switch shape {
        case .text(let format):
            guard var complaint = format.complaint(about: text) else { return nil }
            if text.isEmpty { complaint.message = "`\(name)` is empty text" }
            return complaint
        case .integer(let range):
            let fits = Int(text).map(range.contains) ?? false
            guard !fits || !plain else { return nil }
            return wrongType(text, plain: plain, shape, name, kind: "a whole number", fits: fits)
        case .boolean:
            let fits = text == "true" || text == "false"
            guard !fits || !plain else { return nil }
            return wrongType(text, plain: plain, shape, name, kind: "true or false", fits: fits)
        case .choice(let words):
            guard !words.contains(text) else { return nil }
            let nearest = NearestName.of(text, among: words)
            return ScalarFormat.Complaint(
                code: "inventory.choice",
                message: "`\(name)` must be \(expectation(shape)), not `\(text.prefix(60))`",
                remedy: nearest.map { "did you mean `\($0)`?" } ?? "write \(expectation(shape))"
            )
        default:
            return wrongType(text, plain: plain, shape, name, kind: "", fits: false)
        }
    }

    /// Quotes make text of a number, and would not be seen in a message that drops them.
    private static func wrongType(
        _ text: String,
        plain: Bool,
        _ shape: InventoryShape,
        _ name: String,
        kind: String,
        fits: Bool
    ) -> ScalarFormat.Complaint {
        let shown = plain ? "`\(text.prefix(60))`" : "\"\(text.prefix(60))\""
        let meant = if case .boolean = shape { boolean(text) } else { String?.none }
        return ScalarFormat.Complaint(
            code: "inventory.wrong-type",
            message: fits
                ? "`\(name)` must be \(kind), and \(shown) is text"
                : "`\(name)` must be \(expectation(shape)), not \(shown)",
            remedy: fits
                ? "remove the quotes" : meant.map { "write `\($0)`, without quotes" } ?? "write \(expectation(shape))"
        )
    }

    /// The word of YAML 1.2 for one of YAML 1.1.
    private static func boolean(_ text: String) -> String? {
        switch text.lowercased() {
        case "yes", "on", "y", "true", "1": "true"
        case "no", "off", "n", "false", "0": "false"
        default: nil
        }
    }
}
