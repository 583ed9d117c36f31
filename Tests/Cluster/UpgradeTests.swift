import Foundation
import Testing

/// An upgrade of the cluster that ClusterTests leaves standing, on request, since it needs a second build of Kubernetes.
///
///     SUITES='PictureTests ClusterTests.ClusterTests UpgradeTests TeardownTests' .ci/cluster-test
@Suite(.serialized, .enabled(if: TestCluster.runs("UpgradeTests"), "started by .ci/cluster-test on request"))
struct UpgradeTests {
    private let cluster: TestCluster
    private static let old = "kubernetes: 1.20.2\n"
    private static let new = "kubernetes: 1.20.3-lab\n"

    init() throws { cluster = try #require(TestCluster.current) }

    private func edit(_ from: String, _ to: String) throws {
        let text = try String(contentsOfFile: cluster.inventory, encoding: .utf8)
        try #require(text.contains(from))
        try text.replacing(from, with: to).write(toFile: cluster.inventory, atomically: true, encoding: .utf8)
    }

    private func nodes() async throws -> [String] {
        try await cluster.on("client-0", "kubectl get nodes --no-headers").text.split(separator: "\n").map(String.init)
    }

    @Test(.timeLimit(.minutes(10))) func `the plan shows the order, and a second build is made for it`() async throws {
        try edit(Self.old, Self.new)
        let fetched = try await cluster.provision("artifacts", ["fetch"])
        #expect(fetched.status == 0, "\(fetched.everything)")
        let plan = try await cluster.provision("plan")
        #expect(plan.status == 0, "\(plan.everything.suffix(4000))")
        for text in [
            "upgrade kubernetes 1.20.2 -> 1.20.3-lab", "controller-0, controller-1, controller-2, one at a time",
            "in waves of 1: worker-0; worker-1; worker-2", "cordon and drain worker-0",
        ] {
            #expect(plan.text.contains(text), "\(text)")
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func `killed while a node is cordoned it goes on, and neither clients nor the guarded pods notice`() async throws {
        let workload = GuardedWorkload(cluster: cluster)
        #expect(try await workload.start())
        try await workload.watch()
        let (report, calls) = try await ProbeLoop(cluster: cluster).during {
            try await killedOnceANodeIsCordoned()
            return try await cluster.apply("the upgrade that goes on")
        }
        print("\(calls.succeeded) calls succeeded, \(calls.failures.count) failed: \(calls.failures)")
        #expect(calls.failures == [])
        #expect(try await workload.least() ?? 0 >= 2)
        #expect(!report.restarts.contains { $0.hasPrefix("controller-") }, "\(report.restarts)")
        let nodes = try await nodes()
        #expect(
            nodes.count == 3 && nodes.allSatisfy { $0.contains(" Ready ") && $0.hasSuffix(" v1.20.3-lab") },
            "\(nodes)"
        )
        #expect(try await cluster.pending() == [])
        let second = try await cluster.provision("apply", ["--yes", "--no-input"])
        #expect(second.text.contains("0 changes on 8 hosts"), "\(second.everything)")
        try await workload.remove()
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
    }

    /// `kill -9` of the run a moment after its first drain began.
    private func killedOnceANodeIsCordoned() async throws {
        let ssh = "\(cluster.binary) lab ssh --inventory \(cluster.inventory) client-0 --"
        let script = """
            \(cluster.binary) apply --yes --no-input \(cluster.inventory) > \(cluster.directory)/killed.log 2>&1 & p=$!
            until \(ssh) kubectl get nodes | grep -q SchedulingDisabled; do kill -0 $p || exit 1; sleep 0.5; done
            sleep \(Int.random(in: 0...6)); kill -9 $p
            """
        let killed = try await cluster.run(["sh", "-c", script], seconds: 600)
        let log = try String(contentsOfFile: cluster.directory + "/killed.log", encoding: .utf8)
        #expect(killed.status == 0, "\(killed.everything) \(log.suffix(4000))")
    }

    @Test(.timeLimit(.minutes(3))) func `a downgrade is refused before anything changes`() async throws {
        try edit(Self.new, Self.old)
        for verb in ["plan", "apply"] {
            let refused = try await cluster.provision(verb, verb == "apply" ? ["--yes", "--no-input"] : [])
            #expect(refused.status == 4, "\(refused.everything.suffix(3000))")
            #expect(refused.errors.contains("upgrade.downgrade"))
        }
        try edit(Self.old, Self.new)
        #expect(try await cluster.pending() == [])
    }
}
