/// Tables with known keys, and what is said of a key that none of them has.
extension ShapeChecker {
    mutating func checkObject(_ value: LocatedValue, _ object: InventoryObject, name: String) -> LocatedValue? {
        guard case .table(let entries) = value.content else { return mismatch(value, name, "a table of keys") }
        var kept: [LocatedValue.Entry] = []
        var present = Set(entries.map(\.key))
        for var entry in entries {
            guard let key = object.keys.first(where: { $0.name == entry.key }) else {
                let meant = refuse(entry, in: object, name: name)
                if let meant, present.insert(meant.name).inserted { kept.append(taken(entry, as: meant)) }
                continue
            }
            // A key whose value was refused stays as an empty one, so that it is not reported as missing too.
            let refused = LocatedValue(mark: entry.value.mark, content: .null)
            entry.value = check(entry.value, key.shape, name: key.name, secret: key.isSecret) ?? refused
            kept.append(entry)
        }
        for key in object.keys where key.isRequired && !present.contains(key.name) {
            problems.add(
                "inventory.missing-key",
                at: value.mark,
                "`\(name)` lacks the key `\(key.name)`",
                fix: "add `\(key.name):` (\(key.summary))"
            )
        }
        return LocatedValue(mark: value.mark, content: .table(kept))
    }

    /// - Returns: The key that was probably meant.
    private mutating func refuse(
        _ entry: LocatedValue.Entry,
        in object: InventoryObject,
        name: String
    ) -> InventoryKey? {
        // Beyond what is shown nothing is looked for far away, so that the time stays bounded.
        let isShown = problems.problems.count < InventoryProblems.maximumShown
        let guess = KeyGuess.of(entry.key, in: object, root: isShown ? root : object)
        let remedy = guess?.remedy ?? valid(object.keys.map(\.name))
        let complaint = Self.unknownKey(entry.key, in: name, remedy)
        problems.add(complaint.code, at: entry.keyMark, complaint.message, fix: complaint.remedy)
        return object.keys.first { $0.name == guess?.sibling }
    }

    /// A misspelt key in the place of the one that was meant: what would follow from its absence is not reported too.
    ///
    /// Its value counts where nothing is wrong with it.
    private func taken(_ entry: LocatedValue.Entry, as key: InventoryKey) -> LocatedValue.Entry {
        var trial = ShapeChecker(environment: environment, root: root, problems: ProblemList(file: "", text: ""))
        let checked = trial.check(entry.value, key.shape, name: key.name, secret: key.isSecret)
        let refused = LocatedValue(mark: entry.value.mark, content: .null)
        let value = trial.problems.hasErrors ? refused : checked ?? refused
        return LocatedValue.Entry(key: key.name, keyMark: entry.keyMark, value: value)
    }

    /// What is wrong with a key that is free within a format, or one of a set of words.
    mutating func keyComplaint(_ key: String, _ keys: InventoryShape, name: String) -> ScalarFormat.Complaint? {
        switch keys {
        case .text(let format): return format.complaint(about: key)
        case .choice(let words) where !words.contains(key):
            let nearest = NearestName.of(key, among: words).map { "did you mean `\($0)`?" }
            return Self.unknownKey(key, in: name, nearest ?? valid(words))
        default: return nil
        }
    }

    private static func unknownKey(_ key: String, in name: String, _ remedy: String) -> ScalarFormat.Complaint {
        ScalarFormat.Complaint(
            code: "inventory.unknown-key",
            message: "unknown key `\(key.prefix(60))` in `\(name)`",
            remedy: remedy
        )
    }

    /// The valid keys, once.
    private mutating func valid(_ words: [String]) -> String {
        listed.insert(words).inserted
            ? "valid keys: \(words.joined(separator: ", "))" : "remove it; the valid keys are listed above"
    }
}
