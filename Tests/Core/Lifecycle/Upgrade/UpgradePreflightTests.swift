import ProvisionCore
import Testing

@Suite struct UpgradePreflightTests {
    private func problems(_ sample: UpgradeSample) throws -> [String] {
        try sample.upgrade().preflight().map { "\($0.level) \($0.id) \($0.host)" }
    }

    @Test(arguments: [("1.20.2", "1.20.3-lab"), ("1.21.0", "1.22.3"), ("1.27.9", "1.28.0"), ("1.31.2", "1.31.3")])
    func `a patch or one minor release passes`(_ from: String, _ to: String) throws {
        var sample = UpgradeSample(from: from, to: to)
        sample.adjust = { $0.versions.etcd = "3.5.21" }
        #expect(try problems(sample) == [])
    }

    @Test(arguments: [
        ("1.20.3-lab", "1.20.2", "failure upgrade.downgrade controller-0, controller-1, controller-2"),
        ("1.22.0", "1.21.5", "failure upgrade.downgrade controller-0, controller-1, controller-2"),
        ("1.20.2", "1.22.0", "failure upgrade.minor-step controller-0"),
        ("1.24.0", "1.27.0", "failure upgrade.kubelet-skew worker-0"),
        ("1.20.2", "1.22.0", "failure upgrade.control-plane-skew controller-1"),
    ])
    func `what the version skew policy forbids is refused`(_ from: String, _ to: String, _ problem: String) throws {
        let problems = try problems(UpgradeSample(from: from, to: to))
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test func `a kubelet may be three minor releases older from 1.28 on, and two before`() throws {
        func sample(_ api: String, _ to: String, _ kubelet: String) -> UpgradeSample {
            UpgradeSample(from: api, to: to, nodes: ["stranger v\(kubelet)"]) { $0.versions.etcd = "3.5.21" }
        }
        #expect(try problems(sample("1.27.0", "1.28.0", "1.25.4")) == [])
        #expect(try problems(sample("1.27.0", "1.28.0", "1.24.4")) == ["failure upgrade.kubelet-skew stranger"])
        #expect(try problems(sample("1.26.0", "1.27.0", "1.24.4")) == ["failure upgrade.kubelet-skew stranger"])
        #expect(try problems(sample("1.26.0", "1.27.0", "1.28.4")) == ["failure upgrade.kubelet-skew stranger"])
    }

    @Test(arguments: [
        ("lb-0 haproxy 2.6.13", "warning upgrade.downgrade lb-0"),
        ("worker-1 containerd 1.6.21", "warning upgrade.downgrade worker-1"),
        ("worker-1 containerd 1.7.2", "failure upgrade.downgrade worker-1"),
        ("worker-1 runc 1.1.9", "warning upgrade.downgrade worker-1"),
        ("controller-2 etcd 3.4.30", "failure upgrade.downgrade controller-2"),
        ("controller-2 etcd 3.5.1", "failure upgrade.downgrade controller-2"),
    ])
    func `a downgrade is refused but where the component takes it`(_ running: String, _ problem: String) throws {
        var sample = UpgradeSample(from: "1.20.2", to: "1.20.2", others: [running])
        sample.adjust = { $0.versions.haproxy = "2.6.12" }
        #expect(try problems(sample) == [problem])
    }

    @Test func `etcd takes one minor release at a time, and only what the API servers know`() throws {
        var sample = UpgradeSample(from: "1.33.1", to: "1.33.1", others: ["controller-0 etcd 3.4.23"])
        sample.adjust = { $0.versions.etcd = "3.6.14" }
        #expect(try problems(sample).contains("failure upgrade.etcd-step controller-0"))
        sample = UpgradeSample(from: "1.34.1", to: "1.34.1", others: ["controller-0 etcd 3.5.21"])
        sample.adjust = { $0.versions.etcd = "3.6.14" }
        #expect(try problems(sample).contains("failure upgrade.etcd-step controller-0"))
        sample = UpgradeSample(from: "1.34.1", to: "1.34.1", others: ["controller-0 etcd 3.5.24"])
        sample.adjust = { $0.versions.etcd = "3.6.14" }
        #expect(try !problems(sample).contains("failure upgrade.etcd-step controller-0"))
        sample = UpgradeSample(from: "1.27.1", to: "1.28.0", others: ["controller-0 etcd 3.5.21"])
        sample.adjust = { $0.versions.etcd = "3.6.14" }
        #expect(try problems(sample).contains("failure upgrade.etcd-pair controller-0"))
    }

    @Test func `a host that does not say what runs there stops an upgrade of Kubernetes`() throws {
        let sample = UpgradeSample(unreachable: ["controller-1": "no route", "worker-2": "no route"])
        #expect(
            try problems(sample) == [
                "failure upgrade.unreachable controller-1", "failure upgrade.unavailable worker-2 (not reached)",
            ]
        )
    }

    @Test func `a limited run makes nothing newer than an API server that it leaves alone`() throws {
        let upgrade = try UpgradeSample().upgrade()
        var facts = upgrade.facts
        facts.hosts = facts.hosts.filter { $0.name == "worker-0" }
        let limited = Upgrade(spec: upgrade.spec, facts: facts)
        #expect(limited.preflight().map(\.id) == ["upgrade.limited"])
        #expect(limited.missing(from: Plan(cluster: "", lanes: [])).map(\.name) == ["controller-0"])
    }

    @Test func `without a member of etcd that runs nothing begins`() throws {
        var facts = try UpgradeSample().upgrade().facts
        for (host, running) in facts.running {
            facts.running[host] = RunningVersions(running.releases.filter { $0.key != .etcd })
        }
        let results = Upgrade(spec: try UpgradeSample().spec(), facts: facts).preflight()
        #expect(results.map(\.id) == ["upgrade.snapshot"])
    }
}
