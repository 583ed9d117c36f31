import Templates

/// What stands between a drain and its uncordon, as the host answers before it.
package enum TurnForesight: Sendable, Hashable {
    case nothing, work
    case refusal(String, remedy: String)

    /// Judges what is to come, in order.
    ///
    /// A refusal after the drain would leave the node cordoned for nothing. Behind other work only apt's is certain, and only
    /// while none of that work can change what apt answers.
    package init(_ resources: [any Resource], _ verdicts: [Verdict]) {
        self = .nothing
        for (resource, verdict) in zip(resources, verdicts) where !verdict.isSame {
            if case .refused(let why, let remedy) = verdict, self == .nothing || resource is PlaybookPackages {
                self = .refusal(why, remedy: remedy)
                return
            }
            self = .work
            if Self.mayChangeApt(resource) { return }
        }
    }

    private static func mayChangeApt(_ resource: any Resource) -> Bool {
        switch resource {
        case is PlaybookPackages: true
        case let file as FileResource: file.file.path.hasPrefix("/etc/apt/")
        default: resource.id.hasPrefix("command:")
        }
    }
}
