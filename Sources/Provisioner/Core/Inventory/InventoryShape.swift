/// What a value of the inventory may be; decoder and JSON Schema are both made from it.
package indirect enum InventoryShape: Sendable {
    case text(ScalarFormat)
    /// Text of any lines, taken as it is written: a script, a file's content. What it is, in words.
    case verbatim(String)
    /// Values, lists and tables of any depth as they are written: names keep their dots, `${NAME}` is not replaced.
    case literal
    case integer(ClosedRange<Int>)
    case boolean
    case choice([String])
    case list(InventoryShape)
    /// Keys are free within a format.
    case table(keys: ScalarFormat, values: InventoryShape)
    /// Keys are one of a set of words.
    case keyed([String], values: InventoryShape)
    case object(InventoryObject)
    /// The first alternative of the value's own YAML kind applies.
    case either([InventoryShape])
}

/// A table with known keys.
package struct InventoryObject: Sendable {
    package var keys: [InventoryKey]

    package init(_ keys: [InventoryKey]) { self.keys = keys }
}

/// One key of the inventory.
package struct InventoryKey: Sendable {
    package var name: String
    package var shape: InventoryShape
    /// One sentence, shown by editors.
    package var summary: String
    package var isRequired: Bool
    /// Names a place where a secret lies; `${NAME}` is not replaced there.
    package var isSecret: Bool

    package init(
        _ name: String,
        _ shape: InventoryShape,
        _ summary: String,
        required: Bool = false,
        secret: Bool = false
    ) {
        self.name = name
        self.shape = shape
        self.summary = summary
        isRequired = required
        isSecret = secret
    }
}
