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
}
