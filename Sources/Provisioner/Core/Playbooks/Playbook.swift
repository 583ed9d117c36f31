/// A day-2 procedure as data: which hosts, how many at once, and the steps of each.
package struct Playbook: Sendable {
    package enum HostChoice: Sendable, Hashable {
        case all
        case role(Role)
        case names([String])
        /// Hosts whose node has all of these labels in the inventory.
        case labels([String: String])
    }

    package enum Strategy: Sendable, Hashable {
        case parallel
        case rolling(MaxUnavailable)
    }

    package var name: String
    package var description: String
    package var hosts: HostChoice
    package var strategy: Strategy
    package var steps: [PlaybookStep]

    /// The inventory's hosts that it is for, in the inventory's order.
    package func hosts(of spec: ClusterSpec) -> [HostSpec] {
        spec.hosts.filter { host in
            switch hosts {
            case .all: true
            case .role(let role): host.has(role)
            case .names(let names): names.contains(host.name)
            case .labels(let labels): labels.allSatisfy { host.labels[$0.key] == $0.value }
            }
        }
    }

    /// Names that the inventory does not have.
    package func unknownHosts(in spec: ClusterSpec) -> [String] {
        guard case .names(let names) = hosts else { return [] }
        return names.filter { name in !spec.hosts.contains { $0.name == name } }
    }

    /// Local files that its steps take their content from, absolute.
    package var sources: [String] {
        steps.compactMap { step in
            switch step.kind {
            case .file(let file): file.content.source
            case .kubectlApply(let content): content.source
            default: nil
            }
        }
    }

    /// Whether it only reads.
    package var onlyCollects: Bool { steps.allSatisfy { if case .collect = $0.kind { true } else { false } } }
}
