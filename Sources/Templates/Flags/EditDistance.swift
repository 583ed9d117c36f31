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

    /// The candidate that is spelt most like a name, in capitals or not; `nil` when none is within a third of its length
    /// (at least two edits).
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let limit = max(2, name.count / 3)
        let rated = candidates.map { (between(name.lowercased(), $0.lowercased()), $0) }
        guard let best = rated.min(by: <), best.0 <= limit else { return nil }
        return best.1
    }
}
