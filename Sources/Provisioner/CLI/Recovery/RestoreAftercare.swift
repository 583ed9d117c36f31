import ProvisionCore
import ProvisionEngine

/// After a restore: pods of kube-system that watch start anew, and nodes that nobody has any more are named.
struct RestoreAftercare {
    let access: HostAccess

    /// What a person does in its place.
    static let restart = "kubectl -n kube-system rollout restart deployments,daemonsets,statefulsets"

    func perform(_ console: Console) async throws {
        guard let controller = access.spec.hosts(.controller).first else { return }
        try await restartPods(on: controller, console)
        let answer = try await access.scripts.require(
            "kc get nodes -o 'jsonpath={.items[*].metadata.name}'",
            on: controller,
            attempted: "list the nodes",
            remedy: "provision status \(access.inventory)"
        )
        let known = Set(access.spec.hosts.map(\.nodeName))
        let strangers = answer.split { $0 == " " || $0 == "\n" }.map(String.init).filter { !known.contains($0) }
        if !strangers.isEmpty {
            let names = strangers.joined(separator: " ")
            console.result("‼ the restored state knows nodes that the inventory does not: kubectl delete node \(names)")
        }
        console.note("pods of your own that watch the API (operators, ingress controllers) must be restarted by you")
    }

    /// What watched the old state; each restore has a mark of its own, which no state can bring back.
    private func restartPods(on controller: HostSpec, _ console: Console) async throws {
        let attempted = "restart the pods of kube-system, which watched the old state"
        let restart = PodRestart(
            open: { try await access.session(on: controller) },
            mark: "restore-\(access.context.id)",
            remedy: Self.restart,
            tell: { console.note($0) },
            goesOn: {
                let outcome = "etcd's state is back; not all pods of kube-system that watch were started anew"
                try access.context.stopRequest.check(outcome, remedy: Self.restart)
            }
        )
        do {
            let errands = try await restart.system().compactMap(\.errand)
            for errand in errands { console.result("‼ not restarted: \(errand)") }
        } catch { throw LostStep.named(error, in: attempted, remedy: Self.restart) }
    }
}
