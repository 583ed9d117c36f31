/// A field that the configuration file of a component of a chosen version cannot hold.
package struct FieldProblem: Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// Never heard of in any version.
        case unknown
        /// Exists only from this minor version on.
        case notYet(since: Int)
        /// This minor version was the last that had it.
        case removed(last: Int)
        /// What is below the field are names of any spelling, and this one was taken apart at its dots.
        case split(name: String)
    }

    package var component: FieldTable.Component
    /// The names on the way to it, joined by dots.
    package var field: String
    package var version: KubernetesVersion
    package var reason: Reason
    /// A field of this version and place that is spelt alike.
    package var nearest: String?

    package var description: String {
        let subject = "\(component.rawValue) \(version) has no configuration field `\(field)`"
        return switch reason {
        case .unknown: subject
        case .notYet(let since): subject + " (it exists from 1.\(since) on)"
        case .removed(let last): subject + " (1.\(last) was the last version that had it)"
        case .split(let name): "`\(name)` would be taken apart: below `\(field)` it is one name"
        }
    }

    /// What to write instead.
    package var remedy: String {
        if case .split(let name) = reason { return "write `\(field): {\(name): VALUE}`" }
        return nearest.map { "did you mean `\($0)`?" } ?? "remove it, or choose a version that has it"
    }
}
