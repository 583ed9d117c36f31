import Foundation
import Testing

/// A fourth worker comes and goes on the cluster that stands, under a client that asks without pause.
@Suite(.serialized, .enabled(if: TestCluster.runs("MembershipTests"), "started by make cluster-test"))
struct MembershipTests {
    private let cluster: TestCluster
    /// The same cluster with a fourth worker in its inventory, beside the first inventory, so with the same store.
    private let grown: TestCluster

    init() throws {
        cluster = try #require(TestCluster.current)
        grown = TestCluster(binary: cluster.binary, inventory: cluster.directory + "/inventory-grown.yaml")
    }

    private static let worker = """
            - name: worker-3
              address: 192.168.3.10
              podCIDR: 10.200.3.0/24

        """

    @Test(.timeLimit(.minutes(6))) func `a worker is added without a failed call`() async throws {
        let inventory = try String(contentsOfFile: cluster.inventory, encoding: .utf8)
        let text = inventory.replacing("  clients:\n", with: Self.worker + "  clients:\n")
        try #require(text != inventory)
        try text.write(toFile: grown.inventory, atomically: true, encoding: .utf8)
        let up = try await grown.lab("up", ["--hosts", "worker-3"])
        #expect(up.status == 0, "\(up.everything)")
        let (_, calls) = try await ProbeLoop(cluster: cluster).during { try await grown.apply("one more worker") }
        print("\(calls.succeeded) calls succeeded, \(calls.failures.count) failed while a worker was added")
        #expect(calls.failures == [])
        #expect(try await grown.pending() == [])
        let nodes = try await cluster.on("client-0", "kubectl get nodes")
        #expect(nodes.text.split(separator: "\n").count { $0.contains(" Ready ") } == 4, "\(nodes.everything)")
        for host in ["worker-0", "worker-2", "controller-1"] {
            let routes = try await cluster.on(host, "ip -4 route show proto 86")
            #expect(routes.text.contains("10.200.3.0/24 via 192.168.3.10"), "\(host): \(routes.everything)")
        }
    }

    @Test(.timeLimit(.minutes(8))) func `it leaves drained, with its node, its routes and its own traces`()
        async throws
    {
        let pods = """
            kubectl create deployment spread --image provision.local/nginx:1.22.1 --replicas 8
            kubectl patch deployment spread -p '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","imagePullPolicy":"Never"}]}}}}'
            kubectl rollout status deployment spread --timeout 120s
            """
        let spread = try await cluster.on("client-0", pods, seconds: 150)
        #expect(spread.status == 0, "\(spread.everything)")
        let pending = try await cluster.pending()
        for step in ["drain worker-3", "delete node worker-3"] {
            #expect(pending.contains("worker-3 departure:\(step)"), "\(pending)")
        }
        let arguments = ["--yes", "--no-input", "--teardown-removed"]
        let (left, calls) = try await ProbeLoop(cluster: cluster).during {
            try await cluster.provision("apply", arguments)
        }
        print("\(calls.succeeded) calls succeeded, \(calls.failures.count) failed while a worker left")
        #expect(left.status == 0, "\(left.everything.suffix(6000))")
        #expect(left.errors.contains("worker-3: clean"), "\(left.errors.suffix(3000))")
        #expect(calls.failures == [])
        #expect(try await cluster.pending() == [])
        let nodes = try await cluster.on("client-0", "kubectl get nodes -o name; kubectl get pods -o wide")
        #expect(!nodes.text.contains("worker-3"), "\(nodes.everything)")
        for host in ["worker-0", "worker-2", "controller-1"] {
            let routes = try await cluster.on(
                host,
                "ip -4 route show; cat /etc/systemd/system/provision-routes.service"
            )
            #expect(!routes.text.contains("10.200.3."), "\(host): \(routes.everything)")
        }
    }

    @Test(.timeLimit(.minutes(3))) func `its machine goes, and the others are as they were`() async throws {
        _ = try await cluster.on("client-0", "kubectl delete deployment spread")
        let traces = try await grown.on(
            "worker-3",
            "ls -d /etc/provision /var/lib/provision /etc/kubernetes 2> /dev/null"
        )
        #expect(traces.text.isEmpty, "\(traces.everything)")
        let down = try await cluster.lab("down", ["--host", "worker-3"])
        #expect(down.status == 0, "\(down.everything)")
        try FileManager.default.removeItem(atPath: grown.inventory)
        #expect(try await cluster.pending() == [])
        #expect(try await cluster.provision("status").status == 0)
    }
}
