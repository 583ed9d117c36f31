/// Levenshtein distance over bytes: flag names are ASCII.
package enum EditDistance {
    package static func between(_ left: String, _ right: String) -> Int {
        let columns = Array(right.utf8)
        var row = Array(0...columns.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in columns.enumerated() {
                let substituted = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[columns.count]
    }

    /// The shortest candidate that begins with a name, else the one that is spelt most like it, in capitals or not; `nil`
    /// when none is within a third of the name's length.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let word = name.lowercased()
        if word.count > 1 {
            let longer = candidates.filter { $0.lowercased().hasPrefix(word) }
            if let shortest = longer.map({ ($0.count, $0) }).min(by: <) { return shortest.1 }
        }
        let rated = candidates.map { (between(word, $0.lowercased()), $0) }
        guard let best = rated.min(by: <), best.0 <= word.count / 3 else { return nil }
        return best.1
    }
}
