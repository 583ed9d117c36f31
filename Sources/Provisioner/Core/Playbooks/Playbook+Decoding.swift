extension Playbook {
    /// Reads a playbook from its bytes; no file is touched.
    ///
    /// - Parameters:
    ///   - bytes: YAML in UTF-8.
    ///   - path: As the user named the file.
    ///   - directory: The absolute path of the folder that holds it; `source` starts there.
    /// - Returns: The playbook.
    /// - Throws: Every problem found in one pass, with positions; codes begin with `playbook.`.
    package static func decode(
        _ bytes: [UInt8],
        path: String,
        directory: String
    ) throws(InventoryProblems) -> Playbook {
        do throws(InventoryProblems) {
            let text = try InventoryBounds.text(of: bytes, file: path)
            var problems = ProblemList(file: path, text: text)
            let foreign = ForeignDocument(expected: "playbook", root: PlaybookKeys.root)
            guard !foreign.refuses(text, &problems) else { throw InventoryProblems(problems.sorted) }
            var composer = InventoryComposer(text: text)
            let document = composer.compose(into: &problems)
            if let document, foreign.refuses(document, &problems) { throw InventoryProblems(problems.sorted) }
            var checker = ShapeChecker(environment: [:], root: PlaybookKeys.root, problems: problems)
            let checked = document.flatMap { checker.check($0, .object(PlaybookKeys.root), name: "playbook") }
            var reader = PlaybookReader(
                paths: PathResolver(directory: directory, home: nil),
                problems: checker.problems
            )
            let playbook = checked.flatMap { reader.read($0) }
            guard let playbook, !reader.problems.hasErrors else { throw InventoryProblems(reader.problems.sorted) }
            return playbook
        } catch {
            throw InventoryProblems(error.problems.map(named))
        }
    }

    /// The shared machinery speaks of inventories.
    private static func named(_ problem: InventoryProblem) -> InventoryProblem {
        var problem = problem
        if problem.code.hasPrefix("inventory.") {
            problem.code = "playbook." + problem.code.dropFirst("inventory.".count)
        }
        problem.remedy = problem.remedy.replacing(
            "start from `provision init` or one of the samples in Inventory/",
            with: "start from one of the samples in playbooks/"
        )
        return problem
    }
}
