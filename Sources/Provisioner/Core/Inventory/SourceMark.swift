/// A position in the inventory's text, both counted from 1.
package struct SourceMark: Sendable, Hashable, Comparable {
    package var line: Int
    /// In Unicode scalars.
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// For problems of the file as a whole.
    package static let none = Self(line: 0, column: 0)

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
