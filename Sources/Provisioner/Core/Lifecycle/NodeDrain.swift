package import Templates

/// A node taken out of service and put back, as resources of a host that holds the admin kubeconfig.
///
/// Pods leave through the eviction API, so every PodDisruptionBudget is honoured. Whether the cordon is ours stands in an
/// annotation that is written and removed in the same request as the cordon itself: a node that somebody else had
/// cordoned is left cordoned, and a run that was cut off finds its own by the same reason.
package struct NodeDrain: Sendable {
    /// Says on the Node why it is cordoned, and that `uncordoned` may take that back.
    package static let annotation = "provision/cordoned"
    /// What the check of `uncordoned` ends with where the cordon is ours; a check that failed has another status.
    package static let ownCordon = 3

    package let node: String
    package let version: KubernetesVersion
    /// Written into the annotation: who wants the node empty; the same in a run and in its continuation.
    package let reason: String
    /// Seconds until whatever still blocks is named and the drain fails.
    package let timeout: Int
    /// Seconds that each pod has to end; its own when not given.
    package let grace: Int?
    /// Also delete pods that nothing will make anew.
    package let force: Bool
    /// What sets `force`, for whoever reads the refusal.
    package let permission: String

    package init(
        node: String,
        version: KubernetesVersion,
        reason: String,
        timeout: Int = 300,
        grace: Int? = nil,
        force: Bool = false,
        permission: String = "upgrade.deleteUnmanagedPods: true"
    ) {
        self.node = node
        self.version = version
        self.reason = reason
        self.timeout = timeout
        self.grace = grace
        self.force = force
        self.permission = permission
    }

    /// Cordoned and without a pod that an eviction could move.
    package var drained: CommandResource {
        CommandResource(
            id: "drain:\(node)",
            title: "\(node) is drained",
            reason: reason,
            check: """
                \(functions)
                cordoned || { echo "takes new pods"; exit 1; }; serves || { echo "is cordoned and not Ready"; exit 0; }
                l=$(left) || { echo "$l"; exit 1; }
                [ -z "$l" ] || { echo "still runs "$l; exit 1; }; echo "is cordoned and empty"
                """,
            action: Action(
                kind: .run,
                title: "cordon and drain \(node)",
                script: "\(functions)\n\(alone)\n\(cordon)\n\(deaf)\n\(evict)",
                seconds: timeout + 60
            )
        )
    }

    /// Takes new pods again, if it was this program that cordoned it.
    package var uncordoned: CommandResource {
        CommandResource(
            id: "uncordon:\(node)",
            title: "\(node) takes pods",
            reason: "it was cordoned for the time of the change only",
            check: """
                \(functions)
                s=$(schedulable) || { echo "$s"; exit 1; }
                case $s in ' '*) echo "takes new pods";; 'true ') echo "was cordoned by somebody else, stays so";;
                "true "\(ShellQuoting.quote(reason))) echo "is cordoned:${s#true}"; exit \(Self.ownCordon);;
                *) echo "was cordoned for${s#true}, stays so";; esac
                """,
            action: Action(
                kind: .update,
                title: "uncordon \(node)",
                script: """
                    \(functions)
                    kc patch node \(name) --type merge -p '{"spec":{"unschedulable":null},"metadata":{"annotations":{"\(Self.annotation)":null}}}' > /dev/null
                    free() { s=$(schedulable) && [ "$s" = ' ' ]; }
                    await 20 - free || { echo "the API still says of \(node): unschedulable $(schedulable)"; exit 1; }
                    """,
                seconds: 60
            )
        )
    }

    private var name: String { ShellQuoting.quote(node) }

    /// `schedulable` prints spec.unschedulable, a space, and our annotation; `left` the pods that an eviction would move.
    private var functions: String {
        #"""
        schedulable() { kc get node \#(name) -o 'go-template={{if .spec.unschedulable}}true{{end}} {{with .metadata.annotations}}{{with index . "\#(Self.annotation)"}}{{.}}{{end}}{{end}}' 2>&1; }
        serves() { r=$(kc get node \#(name) -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') || return 0; [ "$r" = True ]; }
        cordoned() { s=$(schedulable) && case $s in true*) ;; *) false;; esac; }
        pods() { # namespace/name, kind of the controller or -, phase, when it was told to end or -
          kc get pods --all-namespaces --field-selector spec.nodeName=\#(name) -o 'go-template={{range .items}}{{$m := false}}{{with .metadata.annotations}}{{if index . "kubernetes.io/config.mirror"}}{{$m = true}}{{end}}{{end}}{{if not $m}}{{.metadata.namespace}}/{{.metadata.name}} {{$c := "-"}}{{range .metadata.ownerReferences}}{{if .controller}}{{$c = .kind}}{{end}}{{end}}{{$c}} {{.status.phase}} {{with .metadata.deletionTimestamp}}{{.}}{{else}}-{{end}}{{"\n"}}{{end}}{{end}}' 2>&1; }
        left() { p=$(pods) || { echo "$p"; return 1; }; echo "$p" | awk 'NF == 4 && $2 != "DaemonSet" && $3 != "Succeeded" && $3 != "Failed" { print $1 }'; }
        """#
    }

    /// Before anything is touched: what would be lost for good; status 8 is a refusal.
    private var alone: String {
        guard !force else { return ":" }
        return """
            p=$(pods) || { echo "$p"; exit 1; }
            a=$(echo "$p" | awk '$2 == "-" && $3 != "Succeeded" && $3 != "Failed" { print $1 }')
            [ -z "$a" ] || { echo "no controller would make these pods of \(node) anew:" $a; echo "move or delete them, or set \(permission); the node was not touched"; exit 8; }
            """
    }

    /// One request, and none where the node is cordoned already.
    private var cordon: String {
        let patch =
            "{\"spec\":{\"unschedulable\":true},\"metadata\":{\"annotations\":{\"\(Self.annotation)\":\(Templates.JSONText.quote(reason))}}}"
        return """
            cordoned || kc patch node \(name) --type merge -p \(ShellQuoting.quote(patch)) > /dev/null
            """
    }

    /// Nothing there would end a pod, and what is to come may be what mends it.
    private var deaf: String {
        "serves || { echo \"\(node) is not Ready: nothing can be evicted there, it is only cordoned\"; exit 0; }"
    }

    /// The name of the flag changed with 1.20.
    private var emptyDirFlag: String {
        version < KubernetesVersion(1, 20) ? "--delete-local-data" : "--delete-emptydir-data"
    }

    private var evict: String {
        let flags = [
            "--ignore-daemonsets", emptyDirFlag, "--timeout=\(timeout)s", grace.map { "--grace-period=\($0)" },
            force ? "--force" : nil,
        ]
        return """
            \(blockers)
            K=\(timeout + 30); rc=0
            o=$(kc drain \(name) \(flags.compactMap(\.self).joined(separator: " ")) 2>&1) || rc=$?; K=60
            l=$(left) || { echo "$l"; exit 1; }
            [ $rc != 0 ] || [ -n "$l" ] || { echo "$o" | tail -n 3; exit 0; }
            echo "\(node) is not empty after \(timeout) s:"
            for p in $l; do explain "$p"; done
            echo "$o" | tail -n 1
            echo "\(node) stays cordoned; mend what blocks and run the same again, or give it back: kubectl uncordon \(node)"; exit 1
            """
    }

    /// `explain` says of one pod what keeps it: budgets whose selector finds it, or its own end that takes long.
    private var blockers: String {
        #"""
        budgets() { # namespace: name|allowed|healthy|wanted|selector
          kc -n "$1" get poddisruptionbudgets -o 'go-template={{range .items}}{{.metadata.name}}|{{.status.disruptionsAllowed}}|{{.status.currentHealthy}}|{{.status.desiredHealthy}}|{{with .spec.selector}}{{range $k, $v := .matchLabels}}{{$k}}={{$v}},{{end}}{{range .matchExpressions}}{{if eq .operator "Exists"}}{{.key}}{{else if eq .operator "DoesNotExist"}}!{{.key}}{{else}}{{.key}} {{if eq .operator "In"}}in{{else}}notin{{end}} ({{range $i, $v := .values}}{{if $i}},{{end}}{{$v}}{{end}}){{end}},{{end}}{{end}}{{"\n"}}{{end}}'; }
        explain() {
          ns=${1%%/*} pod=${1#*/}
          e=$(kc -n "$ns" get pod "$pod" -o 'jsonpath={.metadata.deletionTimestamp}' 2> /dev/null) || return 0
          [ -z "$e" ] || { echo "pod $1 was told to end by $e and still runs"; return 0; }
          b=$(budgets "$ns" | while IFS='|' read -r n a h d s; do
            [ "$a" = 0 ] || continue
            kc -n "$ns" get pods -l "${s%,}" -o name | grep -qxF "pod/$pod" || continue
            echo "pod $1 is held by PodDisruptionBudget $ns/$n: $a disruptions allowed, $h healthy, $d wanted"
          done) || true
          if [ -n "$b" ]; then echo "$b"; else echo "pod $1 is still there; no PodDisruptionBudget holds it"; fi; }
        """#
    }
}
