/// A YAML value with its position; what is left of Yams' nodes after composing.
package struct LocatedValue: Sendable {
    package struct Entry: Sendable {
        package var key: String
        package var keyMark: SourceMark
        package var value: LocatedValue
    }

    package enum Content: Sendable {
        case null
        /// `plain` is true for text without quotes, the only one that can be a number or a boolean.
        case scalar(String, plain: Bool)
        case list([LocatedValue])
        case table([Entry])
    }

    package var mark: SourceMark
    package var content: Content

    package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
    package var isNull: Bool { if case .null = content { true } else { false } }
    package var items: [LocatedValue] { if case .list(let items) = content { items } else { [] } }
    package var entries: [Entry] { if case .table(let entries) = content { entries } else { [] } }

    package subscript(key: String) -> LocatedValue? { entries.first { $0.key == key }?.value }

    /// Follows keys down; `nil` as soon as one is absent.
    package func at(_ path: String...) -> LocatedValue? {
        path.reduce(Optional(self)) { value, key in value?[key] }
    }

    /// The kind in the words of an error message.
    package var kind: String {
        switch content {
        case .null: "nothing"
        case .scalar(let text, let plain): plain ? "`\(text.prefix(60))`" : "the text \"\(text.prefix(60))\""
        case .list: "a list"
        case .table: "a table of keys"
        }
    }

    /// Whether both hold the same values, wherever they were written.
    package func isEqual(_ other: LocatedValue) -> Bool {
        switch (content, other.content) {
        case (.null, .null): true
        case (.scalar(let left, _), .scalar(let right, _)): left == right
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isEqual($1) }
        case (.table(let left), .table(let right)):
            left.count == right.count && left.allSatisfy { entry in other[entry.key]?.isEqual(entry.value) ?? false }
        default: false
        }
    }
}
