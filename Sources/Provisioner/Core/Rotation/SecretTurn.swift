/// Some namespaces whose Secrets one script rewrites: how many there are says how long that may take.
package struct SecretTurn: Sendable, Hashable {
    package var namespaces: [String] = []
    package var secrets = 0

    package init() {}

    /// Where an API server is busy: five writes a second, and two seconds to ask for each namespace.
    package var seconds: Int { 120 + secrets / 5 + namespaces.count * 2 }

    /// Reads `secrets NAMESPACE COUNT`, line by line.
    ///
    /// - Parameters:
    ///   - words: What `RotationScripts.secretCounts` printed.
    ///   - most: How many Secrets a turn has at most, unless one namespace alone has more.
    /// - Returns: Every namespace that has some, in one turn each.
    package static func all(in words: String, most: Int = 500) -> [SecretTurn] {
        words.split(separator: "\n").reduce(into: []) { turns, line in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3, parts[0] == "secrets", let count = Int(parts[2]), count > 0 else { return }
            if (turns.last?.secrets ?? most) + count > most { turns.append(SecretTurn()) }
            turns[turns.count - 1].namespaces.append(parts[1])
            turns[turns.count - 1].secrets += count
        }
    }
}
