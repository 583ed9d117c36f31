import Yams

/// Puts what the YAML parser says into the inventory's own form.
enum SyntaxProblem {
    static func add(_ error: any Error, to problems: inout ProblemList) {
        guard let error = error as? YamlError else {
            problems.add(
                "inventory.syntax",
                at: .none,
                "not readable as YAML",
                fix: "check the file with a YAML linter"
            )
            return
        }
        switch error {
        case .scanner(let context, let problem, let mark, let yaml),
            .parser(let context, let problem, let mark, let yaml),
            .composer(let context, let problem, let mark, let yaml):
            add(problem, context: context, mark, yaml, &problems)
        case .duplicatedKeysInMapping(let names, let context):
            let mark = SourceMark(line: context.mark.line, column: context.mark.column)
            problems.add(
                "inventory.duplicate-key",
                at: mark,
                "more than one key `\(names.first ?? "")` in one table",
                fix: "remove one of the two, or merge their values"
            )
        default:
            problems.add(
                "inventory.syntax",
                at: .none,
                "not readable as YAML",
                fix: "check the file with a YAML linter"
            )
        }
    }

    private static func add(
        _ problem: String,
        context: YamlError.Context?,
        _ mark: Mark,
        _ yaml: String,
        _ problems: inout ProblemList
    ) {
        let position = SourceMark(line: mark.line, column: mark.column)
        let report = SyntaxReport(
            problem: problem,
            mark: position,
            context: context.map {
                (text: $0.text, mark: SourceMark(line: $0.mark.line, column: $0.mark.column))
            },
            text: yaml
        )
        let tail = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
        if problem.contains("cannot start any token") || problem.contains("tab"), hasTab(yaml, line: mark.line) {
            problems.add(
                "inventory.tab",
                at: position,
                "a tab is used for indentation",
                fix: "YAML is indented with spaces; replace the tab by two spaces"
            )
            return
        }
        let known = explanations.first { problem.contains($0.words) }
        if known == nil, let found = report.finding {
            problems.add("inventory.syntax", at: found.mark, "not valid YAML: \(found.meaning)", fix: found.fix)
            return
        }
        problems.add(
            "inventory.syntax",
            at: position,
            "not valid YAML: \(known?.meaning ?? problem + tail)",
            fix: known?.fix ?? "check indentation, colons and quotes at and before this line"
        )
    }

    /// What the parser says, what it means, and what to do.
    private static let explanations: [(words: String, meaning: String, fix: String)] = [
        (
            "another document", "a second document begins here, after `---`",
            "an inventory is one document: remove everything from `---` on"
        ),
        (
            "nesting level", "nested deeper than \(InventoryBounds.maximumDepth) levels",
            "no key of an inventory needs such depth; look for a slip in the indentation"
        ),
    ]

    private static func hasTab(_ yaml: String, line: Int) -> Bool {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(line - 1) && lines[line - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
    }
}
