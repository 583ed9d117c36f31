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
                if turn.count > 1, let index = Int(turn[1]), ["drain", "uncordon"].contains(turn[0]) {
                    let wave = Set(upgrade.waves[index - 1].map(\.name))
                    let node = turn.dropFirst(2).joined(separator: "-")
                    if turn[0] == "drain" { out.formUnion(wave) } else { out.subtract(node.isEmpty ? wave : [node]) }
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

    @Test func `each node of a wave is given back by itself, whatever became of the others`() async throws {
        let (upgrade, plan) = try await plan(try sample("lab-debian.yaml", .percent(100)))
        #expect(upgrade.waves.map(\.count) == [3])
        let stages = plan.lanes.flatMap(\.stages).filter { $0.name.hasPrefix("uncordon-") }
        #expect(stages.map(\.name) == (0...2).map { "uncordon-1-worker-\($0)" })
        #expect(stages.compactMap { $0.needs.first?.rawValue } == (0...2).map { "worker-\($0).changed" })
        #expect(stages.filter { !$0.isTriedAnyway }.isEmpty)
    }

    private static let away = ["worker-0 v1.20.2", "worker-1 v1.20.2", "worker-2 v1.20.2\nready worker-2 False"]

    @Test func `a node that is away already takes the place of one that would leave`() throws {
        func upgrade(_ limit: Int, finished: Set<String>, unreachable: [String: String] = [:]) throws -> Upgrade {
            var sample = UpgradeSample(nodes: Self.away) { $0.upgrade.maxUnavailable = .count(limit) }
            (sample.finished, sample.unreachable) = (finished, unreachable)
            return try sample.upgrade()
        }
        let narrow = try upgrade(2, finished: ["worker-2"])
        #expect(narrow.unavailable.down.map(\.name) == ["worker-2"])
        #expect(narrow.waves.map { $0.map(\.name) } == [["worker-0"], ["worker-1"]])
        #expect(!narrow.preflight().contains { $0.id == "upgrade.unavailable" })
        var facts = narrow.facts
        for index in facts.hosts.indices where facts.hosts[index].name == "worker-2" {
            facts.hosts[index].changing = ["health:node"]
        }
        #expect(Upgrade(spec: narrow.spec, facts: facts).unavailable.down.count == 1, "to wait for it mends nothing")
        for index in facts.nodes.indices { facts.nodes[index].cordon = "upgrade: kubelet" }
        let resumed = Upgrade(spec: narrow.spec, facts: facts).unavailable
        #expect(resumed.down.isEmpty && resumed.mending.map(\.name) == ["worker-2"], "an earlier run had begun with it")
        #expect(UpgradeOutline(narrow).lines.last?.hasSuffix("; out of service already: worker-2") == true)
        let full = try upgrade(1, finished: ["worker-2"]).preflight().filter { $0.id == "upgrade.unavailable" }
        #expect(full.map(\.host) == ["worker-2 (not Ready)"] && full.map(\.level) == [.failure])
        let gone = try upgrade(1, finished: [], unreachable: ["worker-2": "no route"]).preflight()
        #expect(gone.map(\.host) == ["worker-2 (not reached)"])
        // Where nobody else would leave, nothing is taken away.
        #expect(try upgrade(1, finished: ["worker-0", "worker-1"]).preflight().isEmpty)
    }

    @Test func `a node that is away and is changed itself goes first, and is waited for`() async throws {
        let base = UpgradeSample(nodes: Self.away) { $0.upgrade.maxUnavailable = .count(1) }
        let drained = try base.upgrade()
        #expect(drained.waves.map { $0.map(\.name) } == [["worker-2"], ["worker-0"], ["worker-1"]])
        #expect(drained.preflight().isEmpty && drained.unavailable.down.isEmpty)
        var facts = drained.facts
        for index in facts.hosts.indices where facts.hosts[index].name == "worker-2" { facts.hosts[index].units = [] }
        let upgrade = Upgrade(spec: drained.spec, facts: facts)
        #expect(upgrade.unavailable.mending.map(\.name) == ["worker-2"] && upgrade.preflight().isEmpty)
        var made = try await SamplePlan.make("lab-debian.yaml")
        made.spec = drained.spec
        let plan = upgrade.applied(to: made.plan)
        for shift in 0..<plan.lanes.count {
            let walk = StageWalk(plan, shift: shift)
            #expect(walk.stuck == [])
            let mended = try #require(walk.position("worker-2 node"))
            #expect(try #require(walk.position("controller-0 drain-1")) > mended)
        }
    }

    @Test func `what restarts the kubelet with other settings drains, drift under it and kube-proxy's do not`() throws {
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
        let service = "service:kubelet.service"
        for id in ["file:/etc/systemd/system/kubelet.service", "file:/var/lib/kubelet/config.yaml"] {
            #expect(try waves([id, service]) == 1, "\(id)")
            #expect(try waves([id]) == 0, "\(id)")
        }
        #expect(try waves([service, "file:/var/lib/kubelet/pki/kubelet.crt"]) == 0)
        #expect(try waves(["file:/var/lib/kube-proxy/config.yaml", "service:kube-proxy.service"]) == 0)
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

    @Test func `under docker another package or a restart of dockerd drains, and its containerd is its own`() throws {
        func upgrade(
            _ changing: Set<String> = [],
            restarting: Set<String> = [],
            runs: String = "20.10.24+dfsg1"
        ) throws -> Upgrade {
            var spec = try UpgradeSample(from: "1.20.2", to: "1.20.2").spec()
            spec.runtime.kind = .docker
            let running = RunningVersions([
                .kubelet: ComponentRelease("1.20.2"), .docker: ComponentRelease(runs),
                .containerd: ComponentRelease("1.4.1"), .runc: ComponentRelease("1.0.0"),
            ])
            let host = UpgradeFacts.Host(
                name: "worker-0",
                changing: changing,
                units: ["kubelet.service", "docker.service"],
                restarting: restarting,
                packages: ["docker": "20.10.24+dfsg1-1+deb12u1"]
            )
            let known = ["worker-0": running, "controller-0": RunningVersions()]
            return Upgrade(spec: spec, facts: UpgradeFacts(hosts: [host], running: known))
        }
        #expect(try upgrade().isEmpty)
        let package = try upgrade(["package:docker"])
        #expect(package.waves.count == 1)
        #expect(package.reason("worker-0") == "upgrade: docker 20.10.24+dfsg1 to 20.10.24+dfsg1-1+deb12u1")
        #expect(try upgrade(runs: "20.10.5+dfsg1").waves.count == 1, "a run was cut off before the restart")
        let settings = try upgrade(["file:/etc/systemd/system/docker.service"], restarting: ["docker.service"])
        #expect(settings.waves.count == 1 && settings.reason("worker-0") == "upgrade: settings of the runtime")
        let refused = try upgrade(runs: "23.0.1").preflight()
        #expect(refused.map(\.id) == ["upgrade.downgrade"])
        #expect(refused.first?.fix.contains("versions.") == false, "no key chooses it")
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
