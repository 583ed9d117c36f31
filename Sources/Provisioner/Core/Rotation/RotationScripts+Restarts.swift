import Templates

/// Pods that start again, by their workloads' own roll-out rules.
extension RotationScripts {
    /// On the pod template of a workload: for what its pods started last; the same once more changes nothing.
    package static let restarted = "provision/trust"

    /// Which workloads.
    package enum Workloads: Sendable, Hashable {
        /// Of kube-system, by their labels.
        case system(String)
        /// Of every namespace.
        case all
        case one(WorkloadRollout)

        /// DNS starts before all that looks names up.
        package static let ofSystem: [Workloads] = [.system("k8s-app=kube-dns"), .system("k8s-app!=kube-dns")]

        fileprivate var listing: String {
            let kinds = "get deployments,daemonsets,statefulsets"
            switch self {
            case .system(let labels): return "-n kube-system \(kinds) -l \(ShellQuoting.quote(labels))"
            case .all: return "\(kinds) --all-namespaces"
            case .one(let it):
                let name = ShellQuoting.quote("metadata.name=\(it.name)")
                return "-n \(ShellQuoting.quote(it.namespace)) get \(it.kind.lowercased())s --field-selector \(name)"
            }
        }
    }

    /// How far workloads are, as lines that `WorkloadRollout` reads.
    package static func rollouts(_ workloads: Workloads) -> String {
        """
        T=30s
        \(scratch("rollouts"))
        \(list(workloads))
        cat $d/all
        """
    }

    /// Gives pod templates a mark; one that has it stays as it is, one that is gone needs none.
    package static func restart(_ workloads: Workloads, mark: String) -> String {
        let patch = #"{"spec":{"template":{"metadata":{"annotations":{"\#(restarted)":"\#(mark)"}}}}}"#
        return """
            T=30s
            \(scratch("rollouts"))
            \(list(workloads))
            while IFS='|' read -r x k n w m r; do
              [ "$m" != \(ShellQuoting.quote(mark)) ] || continue
              kc -n "$n" patch "$k" "$w" --type merge -p \(ShellQuoting.quote(patch)) > /dev/null || {
                o=$(kc -n "$n" get "$k" "$w" --ignore-not-found -o name); [ -z "$o" ]; }
            done < $d/all
            """
    }

    /// Fields that one kind lacks print nothing.
    private static func list(_ workloads: Workloads) -> String {
        let fields = [
            "{.kind}", "{.metadata.namespace}", "{.metadata.name}",
            "{.spec.template.metadata.annotations.\(restarted)}",
            "{.spec.paused}", "{.spec.updateStrategy.type}", "{.spec.updateStrategy.rollingUpdate.partition}",
            "{.metadata.generation}", "{.status.observedGeneration}",
            "{.spec.replicas}{.status.desiredNumberScheduled}",
            "{.status.updatedReplicas}{.status.updatedNumberScheduled}",
            "{.status.readyReplicas}{.status.numberAvailable}", "{.status.replicas}",
        ]
        let line = #"jsonpath={range .items[*]}rollout|"# + fields.joined(separator: "|") + #"{"\n"}{end}"#
        return """
            list() { kc \(workloads.listing) -o '\(line)' > $d/all; }
            await 60 - list
            """
    }
}
