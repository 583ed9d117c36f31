import ProvisionCore
import ProvisionEngine

/// After a restore: pods of kube-system that watch start anew, and nodes that nobody has any more are named.
struct RestoreAftercare {
    let access: HostAccess

    func perform(_ console: Console) async throws {
        guard let controller = access.spec.hosts(.controller).first else { return }
        try await access.scripts.require(
            RotationScripts.restartSystemPods,
            on: controller,
            attempted: "restart the pods of kube-system, which watched the old state",
            remedy: "kubectl -n kube-system rollout restart deployments,daemonsets,statefulsets",
            seconds: 600
        )
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
}
