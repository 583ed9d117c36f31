/// Playbooks that `apply` runs around what it changes.
package struct HookSpec: Sendable, Equatable {
    /// When; the hosts are those of the role that this apply changes.
    package enum Moment: String, Sendable, Hashable, CaseIterable {
        case beforeController = "before-controller"
        case beforeWorker = "before-worker"
        case afterController = "after-controller"
        case afterWorker = "after-worker"
        /// On every host that its playbook is for, once something was changed anywhere.
        case afterApply = "after-apply"

        package var role: Role? {
            switch self {
            case .beforeController, .afterController: .controller
            case .beforeWorker, .afterWorker: .worker
            case .afterApply: nil
            }
        }
    }

    /// Absolute paths, in order.
    package var playbooks: [Moment: [String]]

    package init(playbooks: [Moment: [String]] = [:]) { self.playbooks = playbooks }

    /// What an apply runs before and after its changes, in words.
    ///
    /// - Parameters:
    ///   - changing: Hosts that it changes.
    ///   - spec: The cluster.
    /// - Returns: One line per playbook that has a host to run on; none where nothing changes.
    package func outline(changing: Set<String>, in spec: ClusterSpec) -> [String] {
        guard !changing.isEmpty else { return [] }
        return Moment.allCases.flatMap { moment -> [String] in
            let hosts = moment.role.map { spec.hosts($0).map(\.name).filter(changing.contains) }
            guard hosts?.isEmpty != true else { return [] }
            let whom = hosts.map { $0.joined(separator: ", ") } ?? "every host that it is for"
            return (playbooks[moment] ?? []).map { path in
                "hook \(moment.rawValue): \(path.split(separator: "/").last ?? "") on \(whom)"
            }
        }
    }
}
