import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct NodeDrainTests {
    private let drain = NodeDrain(node: "worker-0", version: KubernetesVersion(1, 20, 2), reason: "a \"reboot\"")

    /// kubectl as it answers for one node; `$cordon`, `$pods` and `$budgets` are set before.
    private static let kubectl = #"""
        kc() {
          echo "$*" >> ${log:-/dev/null}
          case "$*" in
            "get node "*'type=="Ready"'*) echo "${ready:-True}";;
            "get node "*) echo "$cordon";;
            "get pods "*) [ -z "$pods" ] || printf '%b\n' "$pods";;
            *" get pod "*) echo "$ending";;
            *poddisruptionbudgets*) printf '%b\n' "$budgets";;
            *"get pods -l "*) echo pod/web-1;;
            drain*) echo "kubectl's own words"; return $drained;;
          esac; }
        """#

    private func run(_ snippet: String, _ settings: String) throws -> (status: Int32, text: String) {
        try LocalShell.run(snippet, standIns: "\(Self.kubectl)\n\(settings)")
    }

    private func check(_ resource: CommandResource) throws -> String {
        guard case .script(let snippet) = resource.probe else { return "" }
        return snippet
    }

    @Test func `its scripts are as they were`() throws {
        let forced = NodeDrain(
            node: "worker-0",
            version: KubernetesVersion(1, 19, 4),
            reason: "it's time",
            timeout: 20,
            grace: 5,
            force: true
        )
        let text = [drain, forced].flatMap { [$0.drained, $0.uncordoned] }.map {
            "=== \($0.title) (\($0.action.seconds) s)\n--- check\n\($0.check)\n--- \($0.action.title)\n\($0.action.script)\n"
        }.joined(separator: "\n")
        let golden = InventoryFixtures.core.appending(path: "Golden/lifecycle/node-drain.txt")
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
        for resource in [drain.drained, drain.uncordoned, forced.drained] {
            #expect(
                try LocalShell.run("main() {\n\(resource.action.script)\n\(resource.check)\n}\n", ["-n"]).status == 0
            )
        }
    }

    @Test(arguments: [
        ("cordon=' '", 1, "takes new pods"),
        ("cordon='true why'; pods='default/web-1 ReplicaSet Running -'", 1, "still runs default/web-1"),
        ("cordon='true '; pods='kube-system/p DaemonSet Running -\\na/b Job Succeeded -'", 0, "is cordoned and empty"),
        ("cordon='true '; pods=''", 0, "is cordoned and empty"),
        // What a dead node still has on paper can be evicted by nobody, and its change may be what mends it.
        ("cordon='true why'; ready=Unknown; pods='default/web-1 ReplicaSet Running -'", 0, "is cordoned and not Ready"),
    ])
    func `a node is drained when nothing more would move`(_ settings: String, _ status: Int32, _ text: String) throws {
        let answer = try run(try check(drain.drained), settings)
        #expect(answer.status == status && answer.text == text, "\(answer)")
    }

    @Test(arguments: [
        ("cordon=' '", 0, "takes new pods"), ("cordon=' stale'", 0, "takes new pods"),
        ("cordon='true '", 0, "was cordoned by somebody else, stays so"),
        ("cordon='true a \"reboot\"'", 3, "is cordoned: a \"reboot\""),
        ("cordon='true upgrade'", 0, "was cordoned for upgrade, stays so"),
    ])
    func `only our own cordon is taken back`(_ settings: String, _ status: Int32, _ text: String) throws {
        let answer = try run(try check(drain.uncordoned), settings)
        #expect(answer.status == status && answer.text == text, "\(answer)")
    }

    @Test func `a pod without a controller refuses before anything is touched`() throws {
        let answer = try run(
            drain.drained.action.script,
            "cordon=' '; pods='default/bare - Running -'; log=/dev/stdout"
        )
        #expect(answer.status == 8)
        #expect(answer.text.contains("default/bare") && answer.text.contains("set upgrade.deleteUnmanagedPods: true"))
        #expect(!answer.text.contains("patch node") && !answer.text.contains("drain worker-0"))
    }

    @Test func `a drain that does not end names each pod and what holds it`() throws {
        let pods = "default/web-1 ReplicaSet Running -\\ndefault/web-2 ReplicaSet Running -"
        let answer = try run(
            drain.drained.action.script,
            "cordon='true '; pods='\(pods)'; drained=1; budgets='web|0|2|2|app=web,'"
        )
        #expect(answer.status == 1)
        #expect(
            answer.text.contains(
                "pod default/web-1 is held by PodDisruptionBudget default/web: 0 disruptions allowed, 2 healthy, 2 wanted"
            )
        )
        #expect(answer.text.contains("pod default/web-2 is still there; no PodDisruptionBudget holds it"))
        #expect(answer.text.contains("kubectl's own words") && answer.text.contains("stays cordoned"))
    }

    @Test func `a pod that takes long to end is said to`() throws {
        let settings =
            "cordon='true '; pods='default/web-1 ReplicaSet Running -'; drained=1; ending=2026-01-01T00:00:00Z"
        let answer = try run(drain.drained.action.script, settings)
        #expect(answer.text.contains("pod default/web-1 was told to end by 2026-01-01T00:00:00Z and still runs"))
    }

    @Test func `cordon and mark are one request`() throws {
        let answer = try run(drain.drained.action.script, "cordon=' '; pods=''; drained=0; log=/dev/stderr")
        #expect(answer.status == 0)
        let patch =
            #"patch node worker-0 --type merge -p {"spec":{"unschedulable":true},"metadata":{"annotations":{"provision/cordoned":"a \"reboot\""}}}"#
        #expect(answer.text.contains(patch), "\(answer.text)")
        #expect(answer.text.contains("drain worker-0 --ignore-daemonsets --delete-emptydir-data --timeout=300s"))
    }
}
