import Foundation
import ProvisionCore
import Testing

@Suite struct PlannerTests {
    private static let etcd = "etcd-files etcd-binaries etcd"
    private static let controlPlane =
        "apiserver-files apiserver-binaries apiserver kube-controller-manager-binary kube-controller-manager"
        + " kube-scheduler-binary kube-scheduler"
    private static let worker =
        "routes runtime-binaries runtime images kubelet-files kubelet-binaries kubelet kube-proxy-binary kube-proxy node"

    /// The order of the hard way.
    @Test(arguments: [
        ("lab-debian.yaml", "lb-0", "host haproxy-package haproxy loadbalancer-path"),
        (
            "lab-debian.yaml", "controller-0",
            "host \(etcd) \(controlPlane) members access-files access nodes routes dns uncordon"
        ),
        ("lab-debian.yaml", "controller-1", "host \(etcd) \(controlPlane) access-files routes"),
        ("lab-debian.yaml", "worker-0", "host \(worker)"),
        ("lab-debian.yaml", "client-0", "host client-files client"),
        ("external-etcd.yaml", "etcd-1", "host \(etcd)"),
        ("external-etcd.yaml", "etcd-0", "host \(etcd) members"),
        ("external-etcd.yaml", "controller-1", "host \(controlPlane) access-files routes"),
        ("ha-two-load-balancers.yaml", "lb-1", "host haproxy-package haproxy keepalived loadbalancer-path"),
    ])
    func `a role's stages come in this order`(_ sample: String, _ host: String, _ stages: String) async throws {
        let plan = try await SamplePlan.make(sample).plan
        let lane = try #require(plan.lanes.first { $0.host.name == host })
        #expect(lane.stages.map(\.name).joined(separator: " ") == stages)
    }

    /// Every lane goes on as far as its gates allow, until nothing moves any more.
    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func `no lane waits for ever`(_ sample: String) async throws {
        #expect(GateWalk(try await SamplePlan.make(sample).plan).stuck == [])
    }

    @Test func `a lane that waits for what it opens itself is seen to be stuck`() async throws {
        var plan = try await SamplePlan.make("lab-debian.yaml").plan
        plan.lanes[0].stages[0].needs = [.loadBalancerReady]
        #expect(GateWalk(plan).stuck.contains("lb-0 waits in host"))
    }

    /// Without a load balancer of ours nothing opens its gate, and nobody waits there.
    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func `every gate that is needed is opened by someone`(_ sample: String) async throws {
        let made = try await SamplePlan.make(sample)
        let needed = Set(made.plan.lanes.flatMap(\.stages).flatMap(\.needs))
        let unopened = needed.filter { made.plan.openers(of: $0).isEmpty }
        #expect(unopened == (made.spec.hosts(.loadBalancer).isEmpty ? [.loadBalancerReady] : []))
    }

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func `names and ids are unique on a host, and services come after what they read`(_ sample: String) async throws {
        for lane in try await SamplePlan.make(sample).plan.lanes {
            let ids = lane.resources.map(\.id)
            #expect(Set(ids).count == ids.count, "\(lane.host.name)")
            #expect(Set(lane.stages.map(\.name)).count == lane.stages.count)
            #expect(ids.first == "marker:/etc/provision/cluster")
            for (position, resource) in lane.resources.enumerated() {
                guard let service = resource as? ServiceResource else { continue }
                let read = service.startedFrom + service.reloadedFrom
                let late = read.filter { id in (ids.firstIndex(of: id) ?? .max) > position }
                #expect(late.isEmpty, "\(lane.host.name) \(service.unit)")
            }
        }
    }

    @Test func `the same input gives the same plan`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let digests = { (plan: Plan) in plan.lanes.flatMap(\.resources).map { "\($0.id) \($0.digest)" } }
        #expect(digests(sample.plan) == digests(sample.plan))
    }

    /// They take no place among the hosts that act at once.
    @Test func `quorums, DNS and drains are what waits for other hosts`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        #expect(Set(sample.plan.lanes.flatMap(\.stages).filter(\.waitsForOthers).map(\.name)) == ["etcd", "dns"])
        let start = try #require(ClusterPower(plan: sample.plan).starting.first)
        #expect(start.plan.lanes.flatMap(\.stages).filter { !$0.waitsForOthers }.isEmpty)
        let drain = NodeDrain(node: "worker-0", version: sample.spec.versions.kubernetes, reason: "a test")
        #expect(Stage("drain", resources: [drain.drained]).waitsForOthers)
    }

    @Test func `another controller does what is done once for the cluster, and nothing else changes`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let plan = Planner(spec: sample.spec, materials: sample.materials, lead: "controller-1").plan()
        let moved = ["access", "nodes", "dns", "uncordon"]
        for (lane, usual) in zip(plan.lanes, sample.plan.lanes) {
            let names = lane.stages.map(\.name)
            #expect(names.filter(moved.contains) == (lane.host.name == "controller-1" ? moved : []))
            #expect(names.filter { !moved.contains($0) } == usual.stages.map(\.name).filter { !moved.contains($0) })
        }
        #expect(plan.openers(of: .accessGranted) == ["controller-1"] && GateWalk(plan).stuck == [])
    }

    @Test func `a plan for some hosts has only their gates`() async throws {
        let plan = try await SamplePlan.make("lab-debian.yaml").plan.limited(to: ["worker-1"])
        #expect(plan.lanes.map(\.host.name) == ["worker-1"])
        #expect(plan.openers(of: .etcdQuorum).isEmpty && plan.openers(of: .nodeReady) == ["worker-1"])
    }

    @Test func `the outline is the golden one`() async throws {
        let outline = PlanOutline.text(try await SamplePlan.make("lab-debian.yaml").plan)
        let golden = InventoryFixtures.core.appending(path: "Golden/plan/lab-debian.txt")
        #expect(try InventoryFixtures.matchesGolden(outline, golden), "\(outline)")
    }
}
