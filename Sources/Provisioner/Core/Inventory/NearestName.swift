import Templates

/// Finds the name that was probably meant.
package enum NearestName {
    /// The closest candidate, `nil` without one.
    package static func of(_ word: String, among candidates: [String]) -> String? {
        EditDistance.nearest(to: word, among: candidates)
    }
}
