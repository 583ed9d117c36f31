/// Holds a document against the key tables: what does not fit is reported and becomes empty, what fits is returned.
struct ShapeChecker {
    let environment: [String: String]
    var problems: ProblemList

    /// The value with environment values put in and everything that does not fit removed.
    mutating func check(
        _ value: LocatedValue,
        _ shape: InventoryShape,
        name: String,
        secret: Bool = false
    ) -> LocatedValue? {
        let value = Self.filled(value, shape)
        switch shape {
        case .either(let shapes):
            return check(value, shapes.first { Self.accepts($0, value) } ?? shapes[0], name: name, secret: secret)
        case .object(let object):
            return checkObject(value, object, name: name)
        case .list(let item):
            guard case .list(let items) = value.content else { return mismatch(value, name, "a list") }
            return LocatedValue(
                mark: value.mark,
                content: .list(items.compactMap { check($0, item, name: name, secret: secret) })
            )
        case .table(let keys, let values):
            return checkTable(value, values, name: name) { keys.complaint(about: $0) }
        case .keyed(let words, let values):
            return checkTable(value, values, name: name) { key in
                words.contains(key) ? nil : Self.unknownKey(key, in: name, among: words)
            }
        case .literal:
            return checkLiteral(value, name: name)
        default:
            return checkScalar(value, shape, name: name, secret: secret)
        }
    }

    /// A section whose keys are all commented out is an empty one.
    private static func filled(_ value: LocatedValue, _ shape: InventoryShape) -> LocatedValue {
        guard case .null = value.content else { return value }
        return switch shape {
        case .object, .table, .keyed: LocatedValue(mark: value.mark, content: .table([]))
        case .list: LocatedValue(mark: value.mark, content: .list([]))
        default: value
        }
    }

    private static func accepts(_ shape: InventoryShape, _ value: LocatedValue) -> Bool {
        switch (shape, value.content) {
        case (.object, .table), (.table, .table), (.keyed, .table), (.list, .list): true
        case (.text, .scalar), (.verbatim, .scalar), (.integer, .scalar), (.boolean, .scalar), (.choice, .scalar): true
        default: false
        }
    }

    private mutating func mismatch(_ value: LocatedValue, _ name: String, _ expected: String) -> LocatedValue? {
        problems.add(
            "inventory.wrong-type",
            at: value.mark,
            "`\(name)` must be \(expected), not \(value.kind)",
            fix: "write \(expected)"
        )
        return nil
    }

    private static func unknownKey(_ key: String, in name: String, among words: [String]) -> ScalarFormat.Complaint {
        let nearest = NearestName.of(key, among: words)
        return ScalarFormat.Complaint(
            code: "inventory.unknown-key",
            message: "unknown key `\(key.prefix(60))` in `\(name)`",
            remedy: nearest.map { "did you mean `\($0)`?" } ?? "valid keys: \(words.joined(separator: ", "))"
        )
    }

    private mutating func checkObject(_ value: LocatedValue, _ object: InventoryObject, name: String) -> LocatedValue? {
        guard case .table(let entries) = value.content else { return mismatch(value, name, "a table of keys") }
        var kept: [LocatedValue.Entry] = []
        for var entry in entries {
            guard let key = object.keys.first(where: { $0.name == entry.key }) else {
                let complaint = Self.unknownKey(entry.key, in: name, among: object.keys.map(\.name))
                problems.add(complaint.code, at: entry.keyMark, complaint.message, fix: complaint.remedy)
                continue
            }
            // A key whose value was refused stays as an empty one, so that it is not reported as missing too.
            let refused = LocatedValue(mark: entry.value.mark, content: .null)
            entry.value = check(entry.value, key.shape, name: key.name, secret: key.isSecret) ?? refused
            kept.append(entry)
        }
        for key in object.keys where key.isRequired && !entries.contains(where: { $0.key == key.name }) {
            problems.add(
                "inventory.missing-key",
                at: value.mark,
                "`\(name)` lacks the key `\(key.name)`",
                fix: "add `\(key.name):` (\(key.summary))"
            )
        }
        return LocatedValue(mark: value.mark, content: .table(kept))
    }

    private mutating func checkTable(
        _ value: LocatedValue,
        _ values: InventoryShape,
        name: String,
        key complaint: (String) -> ScalarFormat.Complaint?
    ) -> LocatedValue? {
        guard case .table(let entries) = value.content else { return mismatch(value, name, "a table of keys") }
        var kept: [LocatedValue.Entry] = []
        for var entry in entries {
            if let refused = complaint(entry.key) {
                problems.add(refused.code, at: entry.keyMark, refused.message, fix: refused.remedy)
            } else if let checked = check(entry.value, values, name: entry.key) {
                entry.value = checked
                kept.append(entry)
            }
        }
        return LocatedValue(mark: value.mark, content: .table(kept))
    }

    /// Also text in quotes that is empty, which means something to some fields.
    private mutating func checkLiteral(_ value: LocatedValue, name: String) -> LocatedValue? {
        switch value.content {
        case .list: return check(value, .list(.literal), name: name)
        case .table: return check(value, .table(keys: .fieldPath, values: .literal), name: name)
        case .null: return mismatch(value, name, Self.expectation(.literal))
        case .scalar(let text, _):
            guard let complaint = ScalarFormat.fieldValue.complaint(about: text) else { return value }
            problems.add(complaint.code, at: value.mark, complaint.message, fix: complaint.remedy)
            return nil
        }
    }

    private mutating func checkScalar(
        _ value: LocatedValue,
        _ shape: InventoryShape,
        name: String,
        secret: Bool
    ) -> LocatedValue? {
        guard case .scalar(let written, let plain) = value.content else {
            return mismatch(value, name, Self.expectation(shape))
        }
        if case .verbatim = shape { return value }
        guard let text = EnvironmentValues.replace(in: written, at: value.mark, environment, secret: secret, &problems)
        else { return nil }
        guard let complaint = Self.complaint(about: text, plain: plain, shape, name: name) else {
            return LocatedValue(mark: value.mark, content: .scalar(text, plain: plain))
        }
        problems.add(complaint.code, at: value.mark, complaint.message, fix: complaint.remedy)
        return nil
    }

    private static func expectation(_ shape: InventoryShape) -> String {
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

    private static func complaint(
        about text: String,
        plain: Bool,
        _ shape: InventoryShape,
        name: String
    ) -> ScalarFormat.Complaint? {
        if case .text(let format) = shape { return format.complaint(about: text) }
        let fits =
            switch shape {
            case .integer(let range): plain && Int(text).map(range.contains) ?? false
            case .boolean: plain && (text == "true" || text == "false")
            case .choice(let words): words.contains(text)
            default: false
            }
        guard !fits else { return nil }
        let nearest = if case .choice(let words) = shape { NearestName.of(text, among: words) } else { String?.none }
        let code = if case .choice = shape { "inventory.choice" } else { "inventory.wrong-type" }
        return ScalarFormat.Complaint(
            code: code,
            message: "`\(name)` must be \(expectation(shape)), not `\(text.prefix(60))`",
            remedy: nearest.map { "did you mean `\($0)`?" } ?? "write \(expectation(shape))"
        )
    }
}
