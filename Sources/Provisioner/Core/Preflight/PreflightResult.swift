/// One line of `provision check`.
package struct PreflightResult: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, Comparable {
        case pass, warning, failure

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .pass ? 0 : self == .warning ? 1 : 2 }
    }

    /// Stable, for example `clock.skew`.
    package var id: String
    package var host: String
    package var level: Level
    package var text: String
    /// One line; empty when it passed.
    package var fix: String

    package init(_ id: String, _ host: String, _ level: Level, _ text: String, fix: String = "") {
        self.id = id
        self.host = host
        self.level = level
        self.text = text
        self.fix = fix
    }
}
