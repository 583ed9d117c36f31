/// Recognises a file that is something else, so that it gives one problem instead of one for each of its lines.
struct ForeignDocument {
    /// What is expected, in one word: `inventory` or `playbook`.
    let expected: String
    let root: InventoryObject

    private static let code = "inventory.foreign"
    private static let remedy = "start from `provision init` or one of the samples in Inventory/"

    /// Looks at the text before it is read as YAML.
    ///
    /// - Returns: Whether it is something else, which then is among the problems.
    func refuses(_ text: String, _ problems: inout ProblemList) -> Bool {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let first = lines.firstIndex(where: Self.holdsSomething) else { return false }
        if !couldBegin(lines[first]) {
            // The line is not shown: the wrong file may be a secret one.
            problems.add(Self.code, at: .none, "this does not look like \(article)", fix: Self.remedy)
            return true
        }
        guard let kind = Self.kubernetesKind(lines[first...]) else { return false }
        problems.add(
            Self.code,
            at: SourceMark(line: kind.line, column: 1),
            "this is a Kubernetes object (kind: \(kind.name)), not \(article)",
            fix: Self.remedy
        )
        return true
    }

    /// Looks at a document that is YAML: inventory and playbook are easily given in the wrong order.
    func refuses(_ document: LocatedValue, _ problems: inout ProblemList) -> Bool {
        let lists = HostKeys.hosts.keys.map(\.name)
        let hasLists = document["hosts"]?.entries.contains { lists.contains($0.key) } ?? false
        let steps = document.entries.first { $0.key == "steps" }
        let isOther = expected == "playbook" ? hasLists && steps == nil : !hasLists && steps != nil
        guard isOther else { return false }
        problems.add(
            Self.code,
            at: document.mark,
            expected == "playbook" ? "this is an inventory, not a playbook" : "this is a playbook, not an inventory",
            fix: "the order is `provision run PLAYBOOK INVENTORY`; all other verbs take the inventory alone"
        )
        return true
    }

    private var article: String { expected == "inventory" ? "an inventory" : "a \(expected)" }

    private static func holdsSomething(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        return !text.isEmpty && text.first != "#" && text.first != "%" && text != "---"
    }

    /// Whether a line can be the first of a table of keys, or of a list or a quoted word, which get words of their own.
    private func couldBegin(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        if let first = text.first, "{[\"'?&!-".contains(first) { return true }
        if text.contains(": ") || text.contains(":\t") { return true }
        if text.last == ":", !text.dropLast().contains(":") { return true }
        guard let colon = text.firstIndex(of: ":") else { return false }
        return root.keys.contains { $0.name == text[..<colon] }
    }

    /// The kind of object that the first document of a text is, where it is one of Kubernetes.
    private static func kubernetesKind(_ lines: ArraySlice<Substring>) -> (name: String, line: Int)? {
        let end = lines.dropFirst().firstIndex { $0.hasPrefix("---") } ?? lines.endIndex
        let document = lines[..<end]
        guard let index = document.firstIndex(where: { $0.hasPrefix("kind:") }),
            let version = document.first(where: { $0.hasPrefix("apiVersion:") }).map(value),
            case let kind = value(document[index]), TextRules.isWord(kind, extra: "", maximum: 63)
        else { return nil }
        return version.hasPrefix("provision/") ? nil : (kind, index + 1)
    }

    /// What stands behind a key, without quotes and a comment.
    private static func value(_ line: Substring) -> String {
        let words = line.split(separator: " ")
        return words.count > 1 ? words[1].filter { $0 != "\"" && $0 != "'" } : ""
    }
}
