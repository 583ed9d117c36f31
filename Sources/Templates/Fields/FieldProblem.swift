/// A field that the configuration file of a component of a chosen version cannot hold.
package struct FieldProblem: Sendable, Hashable, CustomStringConvertible {
    package var component: FieldTable.Component
    /// The names on the way to it, joined by dots.
    package var field: String
    package var version: KubernetesVersion
    package var reason: Absence
    /// What is below the field are names of any spelling, and this one was taken apart at its dots.
    package var splitName: String?
    /// A field of this version and place that is spelt alike.
    package var nearest: String?

    package var description: String {
        if let splitName { return "`\(splitName)` would be taken apart: below `\(field)` it is one name" }
        return "\(component.rawValue) \(version) has no configuration field `\(field)`\(reason.words)"
    }

    /// What to write instead.
    package var remedy: String {
        if let splitName { return "write `\(field): {\(splitName): VALUE}`" }
        return nearest.map { "did you mean `\($0)`?" } ?? "remove it, or choose a version that has it"
    }
}
