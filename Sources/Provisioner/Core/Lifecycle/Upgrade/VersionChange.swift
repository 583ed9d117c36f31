import Templates

/// One component of one host that will run another version, or another build of the same.
package struct VersionChange: Sendable, Hashable {
    package var component: VersionedComponent
    package var host: String
    /// What runs now; `nil` where the program does not say.
    package var from: ComponentRelease?
    package var to: ComponentRelease

    package init(_ component: VersionedComponent, _ host: String, from: ComponentRelease?, to: ComponentRelease) {
        self.component = component
        self.host = host
        self.from = from
        self.to = to
    }

    /// Whether something that runs gets another version; a damaged or missing file is only sent again.
    package var movesVersion: Bool { from != nil && isOtherVersion }

    package var isOtherVersion: Bool { from.map { !$0.matches(to.text) } ?? true }

    package var isDowngrade: Bool {
        guard let from, isOtherVersion else { return false }
        if component.isKubernetes, let old = KubernetesVersion(from.text), let new = KubernetesVersion(to.text) {
            return new < old
        }
        return to < from
    }

    /// `1.20.2 -> 1.20.3`, or what else is to be said.
    package var words: String {
        guard let from else { return "another version -> \(to)" }
        return isOtherVersion ? "\(from) -> \(to)" : "another build of \(to)"
    }
}
