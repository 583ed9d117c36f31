/// A decoded inventory: the cluster it describes and what is doubtful about it.
package struct Inventory: Sendable {
    /// As the user named the file.
    package var path: String
    package var spec: ClusterSpec
    package var warnings: [InventoryProblem]

    /// Reads an inventory from its bytes; no file is touched.
    ///
    /// Relative paths inside are taken from `directory`, the absolute path of the folder that holds the inventory.
    ///
    /// - Throws: Every problem found in one pass; nothing is returned when there is at least one error.
    package static func decode(
        _ bytes: [UInt8],
        path: String,
        directory: String,
        context: InventoryContext
    ) throws(InventoryProblems) -> Inventory {
        let text = try InventoryBounds.text(of: bytes, file: path)
        var problems = ProblemList(file: path, text: text)
        let foreign = ForeignDocument(expected: "inventory", root: InventoryKeys.root)
        guard !foreign.refuses(text, &problems) else { throw InventoryProblems(problems.sorted) }
        var composer = InventoryComposer(text: text)
        let document = composer.compose(into: &problems)
        if let document, foreign.refuses(document, &problems) { throw InventoryProblems(problems.sorted) }
        var checker = ShapeChecker(
            environment: context.environment,
            root: InventoryKeys.root,
            problems: problems
        )
        let checked = document.flatMap { checker.check($0, .object(InventoryKeys.root), name: "inventory") }
        problems = checker.problems
        guard let checked else { throw InventoryProblems(problems.sorted) }
        var resolver = InventoryResolver(document: checked, directory: directory, context: context, problems: problems)
        let spec = resolver.resolve()
        guard let spec, !resolver.problems.hasErrors else { throw InventoryProblems(resolver.problems.sorted) }
        return Inventory(path: path, spec: spec, warnings: resolver.problems.sorted)
    }
}
