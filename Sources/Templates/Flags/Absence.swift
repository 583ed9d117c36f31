/// Why a version does not know a flag or a field.
package enum Absence: Sendable, Hashable {
    /// Never heard of in any version.
    case unknown
    /// Exists only from this minor version on.
    case notYet(since: Int)
    /// This minor version was the last that had it.
    case removed(last: Int)

    /// - Parameters:
    ///   - range: When it exists; `nil` where the table has it not.
    ///   - version: A version outside of the range.
    init(_ range: FlagTable.Range?, in version: KubernetesVersion) {
        if let last = range?.last, version.minor > last {
            self = .removed(last: last)
        } else if let first = range?.first {
            self = .notYet(since: first)
        } else {
            self = .unknown
        }
    }

    /// What follows the sentence that it is not there.
    var words: String {
        switch self {
        case .unknown: ""
        case .notYet(let since): " (it exists from 1.\(since) on)"
        case .removed(let last): " (1.\(last) was the last version that had it)"
        }
    }
}
