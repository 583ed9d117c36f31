import Yams

/// Turns YAML text into one located value, reporting syntax errors and every duplicate key.
struct InventoryComposer {
    private var budget = InventoryBounds.maximumValues
    private var repair: DuplicateKeyRepair

    init(text: String) { repair = DuplicateKeyRepair(text: text) }

    /// The document, or `nil` when it cannot be read; the problems say why.
    mutating func compose(into problems: inout ProblemList) -> LocatedValue? {
        guard !InventoryBounds.hasAliasInKey(repair.text) else {
            problems.add(
                "inventory.alias-key",
                at: .none,
                "an alias or a collection is used as a key",
                fix: "use plain words as keys"
            )
            return nil
        }
        do {
            guard let node = try root(&problems) else {
                problems.add(
                    "inventory.empty",
                    at: .none,
                    "the file holds no document",
                    fix: "start from `provision init` or one of the samples in Inventory/"
                )
                return nil
            }
            let value = convert(node, depth: 0, &problems)
            guard budget > 0 else { return nil }
            return value
        } catch {
            SyntaxProblem.add(error, to: &problems)
            return nil
        }
    }

    /// Composes again after each repaired duplicate key, because Yams stops at the first.
    private mutating func root(_ problems: inout ProblemList) throws -> Node? {
        for _ in 0..<repair.maximum {
            do {
                return try Parser(yaml: repair.text, resolver: .basic, encoding: .utf8).singleRoot()
            } catch let error as YamlError {
                guard case .duplicatedKeysInMapping(_, let context) = error,
                    repair.apply(at: SourceMark(line: context.mark.line, column: context.mark.column))
                else { throw error }
            }
        }
        return try Parser(yaml: repair.text, resolver: .basic, encoding: .utf8).singleRoot()
    }

    private mutating func convert(_ node: Node, depth: Int, _ problems: inout ProblemList) -> LocatedValue {
        let mark = node.mark.map { SourceMark(line: $0.line, column: $0.column) } ?? .none
        guard withinBounds(mark, depth: depth, &problems) else { return LocatedValue(mark: mark, content: .null) }
        switch node {
        case .scalar(let scalar):
            return LocatedValue(mark: mark, content: Self.content(of: scalar))
        case .sequence(let sequence):
            var items: [LocatedValue] = []
            for item in sequence { items.append(convert(item, depth: depth + 1, &problems)) }
            return LocatedValue(mark: mark, content: .list(items))
        case .mapping(let mapping):
            return LocatedValue(mark: mark, content: .table(entries(of: mapping, depth: depth, &problems)))
        case .alias:
            return LocatedValue(mark: mark, content: .null)
        }
    }

    private mutating func withinBounds(_ mark: SourceMark, depth: Int, _ problems: inout ProblemList) -> Bool {
        budget -= 1
        if budget == 0 {
            problems.add(
                "inventory.too-many-values",
                at: mark,
                "following the aliases gives more than \(InventoryBounds.maximumValues) values",
                fix: "write the values out, or use fewer aliases"
            )
        }
        if depth == InventoryBounds.maximumDepth {
            problems.add(
                "inventory.too-deep",
                at: mark,
                "nested deeper than \(InventoryBounds.maximumDepth) levels",
                fix: "no key of an inventory needs such depth; look for a slip in the indentation"
            )
        }
        return budget > 0 && depth < InventoryBounds.maximumDepth
    }

    private mutating func entries(
        of mapping: Node.Mapping,
        depth: Int,
        _ problems: inout ProblemList
    ) -> [LocatedValue.Entry] {
        var entries: [LocatedValue.Entry] = []
        for (keyNode, valueNode) in mapping {
            let mark = keyNode.mark.map { SourceMark(line: $0.line, column: $0.column) } ?? .none
            guard case .scalar(let scalar) = keyNode else {
                problems.add(
                    "inventory.wrong-type",
                    at: mark,
                    "a key must be a plain word",
                    fix: "use one of the documented keys"
                )
                continue
            }
            if let (name, first) = repair.duplicate(scalar.string) {
                problems.add(
                    "inventory.duplicate-key",
                    at: mark,
                    "key `\(name)` is given twice",
                    fix: "remove one of the two, or merge their values",
                    related: (first, "`\(name)` is first given here")
                )
                continue
            }
            if scalar.string == "<<" {
                problems.add(
                    "inventory.merge-key",
                    at: mark,
                    "merge keys are not part of YAML 1.2 and are not followed here",
                    fix: "write the values out, or put them once for all hosts under `ssh` or the role"
                )
                continue
            }
            let value = convert(valueNode, depth: depth + 1, &problems)
            entries.append(LocatedValue.Entry(key: scalar.string, keyMark: mark, value: value))
        }
        return entries
    }

    private static func content(of scalar: Node.Scalar) -> LocatedValue.Content {
        let plain = scalar.style == .plain || scalar.style == .any
        if plain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return .null }
        return .scalar(scalar.string, plain: plain)
    }
}
