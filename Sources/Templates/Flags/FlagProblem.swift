/// A flag that a component of a chosen version would refuse, which stops it from starting.
package struct FlagProblem: Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// Never heard of in any version.
        case unknown
        /// Exists only from this minor version on.
        case notYet(since: Int)
        /// This minor version was the last that had it.
        case removed(last: Int)
    }

    package var component: FlagTable.Component
    package var flag: String
    package var version: KubernetesVersion
    package var reason: Reason
    /// A flag of this version that is spelt alike.
    package var nearest: String?

    package var description: String {
        let subject = "\(component.rawValue) \(version) has no flag --\(flag)"
        let cause =
            switch reason {
            case .unknown: ""
            case .notYet(let since): " (it exists from 1.\(since) on)"
            case .removed(let last): " (1.\(last) was the last version that had it)"
            }
        return subject + cause + (nearest.map { "; did you mean --\($0)?" } ?? "")
    }
}
