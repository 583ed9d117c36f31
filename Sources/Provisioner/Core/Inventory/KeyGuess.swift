/// What an unknown key was probably meant to be.
struct KeyGuess {
    /// The key of the same table that was meant, `nil` where it belongs elsewhere or means nothing here.
    var sibling: String?
    /// What to do, in words.
    var remedy: String

    /// - Parameters:
    ///   - key: As it is written.
    ///   - object: The table in which it stands.
    ///   - root: The table in which else to look: that of the whole document.
    /// - Returns: `nil` where nothing is like it.
    static func of(_ key: String, in object: InventoryObject, root: InventoryObject) -> KeyGuess? {
        let siblings = object.keys.map(\.name)
        switch ForeignKeys.meaning(of: key, among: siblings) {
        case .advice(let words): return KeyGuess(remedy: words)
        case .key(let name):
            if siblings.contains(name) { return near(name) }
            if let place = place(of: name, below: object) {
                return KeyGuess(remedy: "did you mean `\(name)`, under \(place)?")
            }
        case nil: break
        }
        if let joined = withoutSpace(key, among: siblings) { return joined }
        if let name = NearestName.of(key, among: siblings) { return near(name) }
        return elsewhere(key, object, root)
    }

    private static func near(_ name: String) -> KeyGuess { KeyGuess(sibling: name, remedy: "did you mean `\(name)`?") }

    /// `{name:a}` is one word to YAML.
    private static func withoutSpace(_ key: String, among siblings: [String]) -> KeyGuess? {
        guard let colon = key.firstIndex(of: ":"), case let name = String(key[..<colon]), siblings.contains(name)
        else { return nil }
        return KeyGuess(sibling: name, remedy: "write a space after `\(name):`")
    }

    /// A key of another table: below this one, else anywhere.
    private static func elsewhere(_ key: String, _ object: InventoryObject, _ root: InventoryObject) -> KeyGuess? {
        let below = paths(to: key, below: object)
        let found = below.isEmpty ? paths(to: key, below: root) : below
        guard (1...2).contains(found.count) else { return nil }
        if below.isEmpty, found == [[]] { return KeyGuess(remedy: "`\(key)` belongs at the top level") }
        return KeyGuess(remedy: "`\(key)` belongs under \(found.map(shown).joined(separator: " or "))")
    }

    private static func place(of key: String, below object: InventoryObject) -> String? {
        let found = paths(to: key, below: object)
        return found.count == 1 ? found.first.map(shown) : nil
    }

    private static func shown(_ path: [String]) -> String { "`\(path.joined(separator: ".")):`" }

    /// The tables that have a key, by the keys that lead to them; only those which are the fewest keys away.
    private static func paths(to key: String, below object: InventoryObject) -> [[String]] {
        var level: [(path: [String], object: InventoryObject)] = [([], object)]
        while !level.isEmpty {
            let found = level.filter { $0.object.keys.contains { $0.name == key } }
            if !found.isEmpty { return found.map(\.path) }
            level = level.flatMap { path, object in
                object.keys.flatMap { entry in
                    tables(of: entry.shape).map { (path: path + [entry.name], object: $0) }
                }
            }
        }
        return []
    }

    /// The tables with known keys that a value may be, or may be a list of.
    private static func tables(of shape: InventoryShape) -> [InventoryObject] {
        switch shape {
        case .object(let object): [object]
        case .list(let item): tables(of: item)
        case .either(let shapes): shapes.flatMap { tables(of: $0) }
        default: []
        }
    }
}
