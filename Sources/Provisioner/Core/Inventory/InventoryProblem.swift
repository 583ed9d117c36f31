import Templates

/// One thing wrong, or doubtful, in an inventory: where, what and what to do.
package struct InventoryProblem: Sendable, Hashable {
    package enum Severity: String, Sendable { case error, warning }

    /// Another place that belongs to the problem, for example the first of two equal names.
    package struct Related: Sendable, Hashable {
        package var line: Int
        package var column: Int
        package var sourceLine: String
        package var message: String
    }

    /// Stable, for example `inventory.unknown-key`.
    package var code: String
    package var severity: Severity
    /// The inventory as the user named it.
    package var file: String
    /// From 1; 0 where the problem is the whole file's.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    /// The text of the line, without its end.
    package var sourceLine: String
    package var message: String
    package var remedy: String
    package var related: [Related] = []

    /// The problem as it is shown: position, message and code, the source line, a caret, and the remedy.
    package var rendered: String {
        guard line > 0 else { return "\(file): \(severity.rawValue): \(message) [\(code)]\n  fix: \(remedy)\n" }
        var text = "\(file):\(line):\(column): \(severity.rawValue): \(message) [\(code)]\n"
        text += Self.excerpt(sourceLine, column: column)
        for other in related {
            text += "\(file):\(other.line):\(other.column): note: \(other.message)\n"
            text += Self.excerpt(other.sourceLine, column: other.column)
        }
        return text + "  fix: \(remedy)\n"
    }

    /// The line and a caret under the column; tabs stay tabs, so that both lines are shifted alike.
    private static func excerpt(_ sourceLine: String, column: Int) -> String {
        let limit = 160
        let scalars = sourceLine.unicodeScalars
        let start = max(0, column - limit)
        let shown = scalars.dropFirst(start).prefix(limit).map { isPrintable($0) ? $0 : "?" }
        let before = scalars.dropFirst(start).prefix(max(0, column - 1 - start))
        var text = String.UnicodeScalarView()
        text.append(contentsOf: shown)
        text.append("\n")
        text.append(contentsOf: before.map { $0 == "\t" ? "\t" : " " })
        return "\(String(text))^\n"
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\t" || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
    }
}

/// Every problem of one inventory, in the order of the file; at least one of them is an error.
package struct InventoryProblems: Error, Sendable, Equatable, CustomStringConvertible {
    package var problems: [InventoryProblem]

    package init(_ problems: [InventoryProblem]) { self.problems = problems }

    /// More are counted but not printed: nobody reads them, and a wrong file can have a million.
    package static let maximumShown = 200

    package var errorCount: Int { problems.count { $0.severity == .error } }

    /// All problems as they are shown, and a last line with their number.
    package var description: String {
        let warnings = problems.count - errorCount
        let tail = warnings == 0 ? "" : ", \(counted(warnings, "warning"))"
        let shown = problems.prefix(Self.maximumShown).map(\.rendered).joined(separator: "\n")
        let hidden = problems.count - Self.maximumShown
        return shown + (hidden > 0 ? "\n... and \(hidden) more\n" : "")
            + "\n\(counted(errorCount, "error"))\(tail); no connection was opened\n"
    }
}
