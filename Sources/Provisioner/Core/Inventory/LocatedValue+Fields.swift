import Templates

/// What stands under `extraConfiguration`, as a configuration file gets it.
extension LocatedValue {
    /// What stands directly under a path: a number is one also in quotes, which `${NAME}` needs in a flow table.
    var direct: OrderedValue {
        guard case .scalar(let text, _) = content, case let value = OrderedValue(scalar: text), value != .null else {
            return ordered
        }
        return value
    }

    /// Inside tables and lists only what is written without quotes can be a number or a boolean, as everywhere in YAML.
    var ordered: OrderedValue {
        switch content {
        case .null: .null
        case .scalar(let text, let plain): plain ? OrderedValue(scalar: text) : .string(text)
        case .list(let items): .array(items.map(\.ordered))
        case .table(let entries): .object(entries.map { OrderedValue.Field($0.key, $0.value.ordered) })
        }
    }
}

extension LocatedValue.Entry {
    /// The names on the way to a field of a component; only here do dots take a key apart.
    var fieldPath: [String] { key.split(separator: ".").map(String.init) }
}
