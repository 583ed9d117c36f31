/// A number with its noun, as people write it: `1 change`, `2 changes`, `0 leaves`.
///
/// - Parameters:
///   - count: How many.
///   - one: The noun of a single one, with the words that must agree with it: `thing is`.
///   - many: The same of any other number; where it is left out the noun takes an s.
/// - Returns: The number and the noun.
package func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
}
