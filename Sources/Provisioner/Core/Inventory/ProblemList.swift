/// Collects problems of one inventory and adds file name and source line to each.
package struct ProblemList: Sendable {
    package let file: String
    private let lines: [Substring]
    package private(set) var problems: [InventoryProblem] = []

    package init(file: String, text: String) {
        self.file = file
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }

    package var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// In the order of the file, duplicates removed.
    package var sorted: [InventoryProblem] {
        var seen: Set<InventoryProblem> = []
        return problems.enumerated()
            .sorted {
                ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
            }
            .map(\.element).filter { seen.insert($0).inserted }
    }

    package mutating func add(
        _ code: String,
        at mark: SourceMark,
        _ message: String,
        fix remedy: String,
        severity: InventoryProblem.Severity = .error,
        related: (mark: SourceMark, message: String)? = nil
    ) {
        let others = related.map {
            [
                InventoryProblem.Related(
                    line: $0.mark.line,
                    column: $0.mark.column,
                    sourceLine: line($0.mark.line),
                    message: $0.message
                )
            ]
        }
        problems.append(
            InventoryProblem(
                code: code,
                severity: severity,
                file: file,
                line: mark.line,
                column: mark.column,
                sourceLine: line(mark.line),
                message: message,
                remedy: remedy,
                related: others ?? []
            )
        )
    }

    package mutating func warn(_ code: String, at mark: SourceMark, _ message: String, fix remedy: String) {
        add(code, at: mark, message, fix: remedy, severity: .warning)
    }

    private func line(_ number: Int) -> String {
        lines.indices.contains(number - 1) ? String(lines[number - 1]) : ""
    }
}
