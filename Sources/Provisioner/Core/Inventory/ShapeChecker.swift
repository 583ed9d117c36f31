/// Holds a document against the key tables: what does not fit is reported and becomes empty, what fits is returned.
struct ShapeChecker {
    let environment: [String: String]
    /// Of the whole document: a key that is unknown at one place may belong to another.
    let root: InventoryObject
    var problems: ProblemList
    /// Lists of valid keys that were printed already; each is long.
    var listed: Set<[String]> = []

    init(environment: [String: String], root: InventoryObject, problems: ProblemList) {
        self.environment = environment
        self.root = root
        self.problems = problems
    }

    /// The value with environment values put in and everything that does not fit removed.
    ///
    /// `index` counts the values of a list, for an example of what to write.
    mutating func check(
        _ value: LocatedValue,
        _ shape: InventoryShape,
        name: String,
        secret: Bool = false,
        index: Int = 0
    ) -> LocatedValue? {
        let value = Self.filled(value, shape)
        switch shape {
        case .either(let shapes):
            if Self.isHost(shape), refusesAsHost(value, name: name, index: index) { return nil }
            return check(value, shapes.first { Self.accepts($0, value) } ?? shapes[0], name: name, secret: secret)
        case .object(let object):
            return checkObject(value, object, name: name)
        case .list(let item):
            return checkList(value, item, name: name, secret: secret)
        case .table(let keys, let values):
            return checkTable(value, values, name: name, keys: .text(keys))
        case .keyed(let words, let values):
            return checkTable(value, values, name: name, keys: .choice(words))
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

    mutating func mismatch(_ value: LocatedValue, _ name: String, _ expected: String) -> LocatedValue? {
        let message = value.isNull ? "`\(name)` has no value" : "`\(name)` must be \(expected), not \(value.kind)"
        let isJoined = expected == Self.list && value.text?.first == "-"
        problems.add(
            "inventory.wrong-type",
            at: value.mark,
            message,
            fix: isJoined ? "write a space after each `-`" : "write \(expected)"
        )
        return nil
    }

    private static let list = "a list"

    /// A host that was refused leaves its place empty, so that its list does not count as an empty one.
    private mutating func checkList(
        _ value: LocatedValue,
        _ item: InventoryShape,
        name: String,
        secret: Bool
    ) -> LocatedValue? {
        guard case .list(let items) = value.content else { return mismatch(value, name, Self.list) }
        var kept: [LocatedValue] = []
        for (index, entry) in items.enumerated() {
            if Self.filled(entry, item).isNull {
                problems.add(
                    "inventory.wrong-type",
                    at: entry.mark,
                    "an entry of `\(name)` has no value",
                    fix: "write one behind the `-`, or remove the `-`"
                )
            } else if let checked = check(entry, item, name: name, secret: secret, index: index) {
                kept.append(checked)
                continue
            }
            if Self.isHost(item) { kept.append(LocatedValue(mark: entry.mark, content: .null)) }
        }
        return LocatedValue(mark: value.mark, content: .list(kept))
    }

    private mutating func checkTable(
        _ value: LocatedValue,
        _ values: InventoryShape,
        name: String,
        keys: InventoryShape
    ) -> LocatedValue? {
        guard case .table(let entries) = value.content else { return mismatch(value, name, "a table of keys") }
        var kept: [LocatedValue.Entry] = []
        for var entry in entries {
            if let refused = keyComplaint(entry.key, keys, name: name) {
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
        // Inside { } a `${NAME}` needs quotes, also where a number or true and false are wanted.
        let isPlain = plain || written != text
        guard let complaint = Self.complaint(about: text, plain: isPlain, shape, name: name) else {
            return LocatedValue(mark: value.mark, content: .scalar(text, plain: plain))
        }
        problems.add(complaint.code, at: value.mark, complaint.message, fix: complaint.remedy)
        return nil
    }
}
