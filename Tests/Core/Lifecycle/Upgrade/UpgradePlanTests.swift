import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct UpgradePlanTests {
    private func plan(_ sample: UpgradeSample) async throws -> (upgrade: Upgrade, plan: Plan) {
        let upgrade = try sample.upgrade()
        var made = try await SamplePlan.make(sample.sample)
        made.spec = try sample.spec()
        return (upgrade, upgrade.applied(to: made.plan))
    }

    /// From 1.36.2 on, which most samples want, or Debian's.
    private func sample(_ name: String, _ limit: MaxUnavailable = .count(1)) throws -> UpgradeSample {
        let version = try SamplePlan.spec(name).versions.kubernetes
        let next = KubernetesVersion(version.major, version.minor, version.patch + 1)
        return UpgradeSample(sample: name, from: version.description, to: next.description) {
            $0.upgrade.maxUnavailable = limit
        }
    }

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples), [MaxUnavailable.count(1), .percent(50)])
    func `no lane waits for ever`(_ name: String, _ limit: MaxUnavailable) async throws {
        let (upgrade, plan) = try await plan(try sample(name, limit))
        #expect(upgrade.waves.joined().count == upgrade.spec.hosts(.worker).count)
        for shift in 0..<plan.lanes.count { #expect(StageWalk(plan, shift: shift).stuck == []) }
        for lane in plan.lanes {
            #expect(Set(lane.stages.map(\.name)).count == lane.stages.count, "\(lane.host.name)")
            #expect(Set(lane.resources.map(\.id)).count == lane.resources.count, "\(lane.host.name)")
        }
    }

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func `nothing is ever newer than an API server, and etcd goes first`(_ name: String) async throws {
        let (upgrade, plan) = try await plan(try sample(name))
        for shift in 0..<plan.lanes.count {
            let walk = StageWalk(plan, shift: shift)
            let servers = try #require(walk.positions("apiserver").max())
            #expect(walk.positions("etcd").allSatisfy { $0 < (walk.positions("apiserver").min() ?? 0) })
            for stage in ["kube-controller-manager-binary", "kube-scheduler-binary"] {
                #expect(walk.positions(stage).allSatisfy { $0 > servers }, "\(stage)")
            }
            let control = try #require(walk.positions("kube-scheduler").max())
            for stage in ["kubelet-binaries", "kubelet", "kube-proxy-binary", "kube-proxy"] {
                #expect(walk.positions(stage).allSatisfy { $0 > control }, "\(stage)")
            }
            #expect(walk.order.filter { $0.contains(" drain-") }.allSatisfy { (walk.position($0) ?? 0) > control })
            let snapshot = try #require(walk.positions("etcd-snapshot").first)
            let saver = try #require(upgrade.saver?.name)
            #expect(walk.order[..<snapshot].allSatisfy { $0 == "\(saver) host" }, "\(walk.order[..<snapshot])")
        }
    }

    @Test(arguments: [(MaxUnavailable.count(1), 1), (.count(2), 2), (.percent(34), 1), (.percent(100), 3)])
    func `never more nodes than the limit are out of service`(_ limit: MaxUnavailable, _ most: Int) async throws {
        let (upgrade, plan) = try await plan(try sample("lab-debian.yaml", limit))
        #expect(upgrade.waves.map(\.count).max() == most)
        for shift in 0..<plan.lanes.count {
            var out: Set<String> = []
            for step in StageWalk(plan, shift: shift).order {
                let words = step.split(separator: " ").map(String.init)
                let turn = words[1].split(separator: "-")
                if turn.count == 2, let index = Int(turn[1]), ["drain", "uncordon"].contains(turn[0]) {
                    let wave = Set(upgrade.waves[index - 1].map(\.name))
                    if turn[0] == "drain" { out.formUnion(wave) } else { out.subtract(wave) }
                }
                #expect(out.count <= most)
                // What pods run on changes only on a drained node.
                if ["runtime-binaries", "kubelet-binaries", "kubelet"].contains(words[1]) {
                    #expect(out.contains(words[0]), "\(step)")
                }
            }
            #expect(out.isEmpty)
        }
    }

    @Test func `finished nodes are skipped, forgotten ones are given back first, those of people stay`() async throws {
        let reason = "upgrade: kubelet 1.20.2 to 1.20.3-lab"
        var sample = UpgradeSample(
            nodes: ["worker-0 v1.20.3-lab \(reason)", "worker-1 v1.20.3-lab maintenance", "worker-2 v1.20.2 \(reason)"]
        )
        sample.finished = ["controller-0", "controller-1", "controller-2", "worker-0", "worker-1"]
        let (upgrade, plan) = try await plan(sample)
        #expect(upgrade.waves.map { $0.map(\.name) } == [["worker-2"]])
        let driver = try #require(plan.lanes.first { $0.host.name == "controller-0" })
        let stages = driver.stages.filter { $0.name.hasPrefix("uncordon") || $0.name.hasPrefix("drain") }
        #expect(
            stages.map { "\($0.name) \($0.resources.map(\.id).joined(separator: " "))" } == [
                "uncordon-finished uncordon:worker-0", "drain-1 drain:worker-2", "uncordon-1 uncordon:worker-2",
                "uncordon nodes:uncordoned",
            ]
        )
    }

    @Test func `a change of flags drains nobody, a change under the pods does`() throws {
        func waves(_ changing: Set<String>, units: Set<String> = ["kubelet.service"], drains: Bool = true) throws -> Int
        {
            var spec = try UpgradeSample(from: "1.20.2", to: "1.20.2").spec()
            spec.upgrade.drains = drains
            let running = RunningVersions([
                .kubelet: ComponentRelease("1.20.2"), .containerd: ComponentRelease("1.6.20"),
            ])
            let facts = UpgradeFacts(
                hosts: [.init(name: "worker-0", changing: changing, units: units)],
                running: ["worker-0": running, "controller-0": RunningVersions()]
            )
            return Upgrade(spec: spec, facts: facts).waves.count
        }
        #expect(try waves(["file:/etc/systemd/system/kubelet.service", "file:/var/lib/kubelet/config.yaml"]) == 0)
        #expect(try waves(["binary:/usr/local/bin/kube-proxy", "binary:/usr/local/bin/kubelet"]) == 0)
        for id in [
            "binary:/usr/local/bin/containerd", "binary:/opt/cni/bin/bridge",
            "file:/etc/containerd/config.toml", "file:/etc/cni/net.d/10-bridge.conflist",
        ] {
            #expect(try waves([id]) == 1, "\(id)")
        }
        // Pods of a kubelet that does not run cannot leave, and the host must still be mended.
        #expect(try waves(["binary:/usr/local/bin/containerd"], units: []) == 0)
        #expect(try waves(["binary:/usr/local/bin/containerd"], drains: false) == 0)
    }

    @Test func `the outline of the lab's upgrade is the golden one`() async throws {
        let (upgrade, plan) = try await plan(UpgradeSample())
        let text = UpgradeOutline(upgrade).lines.joined(separator: "\n") + "\n\n" + PlanOutline.text(plan)
        let golden = InventoryFixtures.core.appending(path: "Golden/plan/lab-debian-upgrade.txt")
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
    }

    @Test func `component by component`() throws {
        var sample = UpgradeSample(from: "1.20.2", to: "1.20.2", others: ["worker-1 containerd 1.6.20~ds1-1+deb12u2"])
        sample.adjust = { $0.versions.containerd = "1.6.20~ds1-1+deb12u3" }
        let upgrade = try sample.upgrade()
        #expect(
            upgrade.changes.map { "\($0.host) \($0.words)" }.contains(
                "worker-1 1.6.20~ds1-1+deb12u2 -> 1.6.20~ds1-1+deb12u3"
            )
        )
        #expect(!upgrade.needsSnapshot && !upgrade.isOfKubernetes)
        #expect(upgrade.reason("worker-1") == "upgrade: containerd 1.6.20~ds1-1+deb12u2 to 1.6.20~ds1-1+deb12u3")
    }

    @Test func `another file under a process of the wanted version is drift, no upgrade`() throws {
        let file = try #require(VersionedComponent.kubeScheduler.resources.first)
        #expect(try UpgradeSample(from: "1.20.2", to: "1.20.2", drifted: [file]).upgrade().isEmpty)
    }

    @Test func `what runs as wanted is no upgrade`() throws {
        #expect(try UpgradeSample(from: "1.20.2", to: "1.20.2").upgrade().isEmpty)
    }
}
