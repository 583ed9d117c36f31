/// A flag that a component of a chosen version would refuse, which stops it from starting.
package struct FlagProblem: Sendable, Hashable, CustomStringConvertible {
    package var component: FlagTable.Component
    package var flag: String
    package var version: KubernetesVersion
    package var reason: Absence
    /// A flag of this version that is spelt alike.
    package var nearest: String?

    package var description: String {
        "\(component.rawValue) \(version) has no flag --\(flag)\(reason.words)"
            + (nearest.map { "; did you mean --\($0)?" } ?? "")
    }
}
