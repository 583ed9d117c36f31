/// A structured value that keeps the order of its fields: what YAML, JSON and TOML are encoded from.
package indirect enum OrderedValue: Sendable, Hashable {
    /// One named field of an object.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: OrderedValue

        package init(_ name: String, _ value: OrderedValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case integer(Int64)
    case string(String)
    case array([OrderedValue])
    case object([Field])

    package static func strings(_ values: [String]) -> OrderedValue { .array(values.map { .string($0) }) }

    /// The entries of a dictionary in the order of their names.
    package static func strings(_ values: [String: String]) -> OrderedValue {
        .object(values.sorted { $0.key < $1.key }.map { Field($0.key, .string($0.value)) })
    }

    /// Reads one YAML scalar as an inventory gives it: null, a boolean, an integer, a quoted or a plain string.
    package init(scalar text: String) {
        switch text {
        case "", "null", "~": self = .null
        case "true": self = .bool(true)
        case "false": self = .bool(false)
        default:
            if let number = Int64(text), String(number) == text {
                self = .integer(number)
            } else if text.count >= 2, let quote = text.first, quote == "\"" || quote == "'", text.last == quote {
                self = .string(String(text.dropFirst().dropLast()))
            } else {
                self = .string(text)
            }
        }
    }

    package var fields: [Field] {
        guard case .object(let fields) = self else { return [] }
        return fields
    }

    /// The field of that name; setting `nil` removes it, setting a new name appends it.
    package subscript(name: String) -> OrderedValue? {
        get { fields.first { $0.name == name }?.value }
        set {
            var fields = fields
            let index = fields.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append(Field(name, value))
            case (nil, nil): break
            }
            self = .object(fields)
        }
    }

    /// A value below names, the outermost first: `["webhook", "cacheTTL"]` makes `{webhook: {cacheTTL: VALUE}}`.
    package init(_ value: OrderedValue, below path: [String]) {
        self = path.reversed().reduce(value) { inner, name in .object([Field(name, inner)]) }
    }

    /// The value with another laid over it: field by field where both are objects, else the other as it is.
    ///
    /// New fields come after the present ones in the order of their names, however they were written.
    package func merging(_ other: OrderedValue) -> OrderedValue {
        guard case .object = self, case .object(let added) = other else { return other }
        return added.sorted { $0.name < $1.name }.reduce(into: self) { merged, field in
            merged[field.name] = (merged[field.name] ?? .object([])).merging(field.value)
        }
    }

    /// The names of all fields, at any depth.
    package var names: [String] {
        switch self {
        case .array(let items): items.flatMap(\.names)
        case .object(let fields): fields.flatMap { [$0.name] + $0.value.names }
        case .string, .null, .bool, .integer: []
        }
    }

    /// Every text in it, at any depth.
    package var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let items): items.flatMap(\.texts)
        case .object(let fields): fields.flatMap(\.value.texts)
        case .null, .bool, .integer: []
        }
    }
}

extension OrderedValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: OrderedValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, OrderedValue)...) {
        self = .object(elements.map { Field($0.0, $0.1) })
    }
}
