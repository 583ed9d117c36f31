import ProvisionCore
import Templates
import Testing

@Suite struct ConsistencyProverTests {
    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func `every sample is consistent`(_ sample: String) async throws {
        let made = try await SamplePlan.make(sample)
        let violations = ConsistencyProver(spec: made.spec, plan: made.plan).violations()
        #expect(violations.map(\.description) == [])
    }

    @Test(
        arguments: ["1.20.2", "1.24.17", "1.28.15", "1.32.13", "1.36.2"],
        ["lab-debian.yaml", "single.yaml", "external-etcd.yaml"]
    )
    func `every version is consistent`(_ version: String, _ sample: String) async throws {
        let made = try await SamplePlan.make(sample, kubernetes: version)
        let violations = ConsistencyProver(spec: made.spec, plan: made.plan).violations()
        #expect(violations.map(\.description) == [])
    }
}

/// The proof must be able to fail: each slip is found where it is, and nothing else is.
@Suite struct ConsistencySlipTests {
    private func violations(_ slip: Slip) async throws -> [ConsistencyViolation] {
        let plan = try await SampleMaterials.shared.plan(slip.sample)
        return ConsistencyProver(spec: try SamplePlan.spec(slip.sample), plan: slip.edit(plan)).violations()
    }

    @Test(arguments: Slip.all)
    func `a slip is found where it is`(_ slip: Slip) async throws {
        let found = try await violations(slip)
        #expect(Set(found.map { "\($0.code.rawValue) \($0.subject.host ?? "inventory")" }) == slip.found)
        #expect(found.allSatisfy { !$0.findings.isEmpty && !$0.remedy.isEmpty })
    }

    @Test func `two workers with one network are found`() async throws {
        var made = try await SamplePlan.make("lab-debian.yaml")
        for index in made.spec.hosts.indices where made.spec.hosts[index].name == "worker-2" {
            made.spec.hosts[index].podCIDR = CIDR("10.200.1.0/25")
        }
        let codes = ConsistencyProver(spec: made.spec, plan: made.plan).violations().map(\.code)
        #expect(codes == [.podNetworkOverlap])
    }

    @Test func `a pod network outside the cluster's is found`() async throws {
        var made = try await SamplePlan.make("lab-debian.yaml")
        for index in made.spec.hosts.indices where made.spec.hosts[index].name == "worker-0" {
            made.spec.hosts[index].podCIDR = CIDR("10.100.0.0/24")
        }
        let found = ConsistencyProver(spec: made.spec, plan: made.plan).violations()
        #expect(found.map(\.code) == [.podNetworkOutside])
        #expect(found.first?.subject.host == "worker-0")
    }

    @Test func `every code has a slip`() {
        let codes = Set(Slip.all.flatMap(\.found).compactMap { $0.split(separator: " ").first.map(String.init) })
        let elsewhere: Set = ["pods.outside", "pods.overlap"]
        #expect(codes.union(elsewhere) == Set(ConsistencyViolation.Code.allCases.map(\.rawValue)))
    }
}

@Suite struct ConsistencyViolationTests {
    @Test func `a violation says what is where and what to do`() async throws {
        let made = try await SamplePlan.make("lab-debian.yaml")
        let plan = made.plan.editing(
            "controller-2",
            "/etc/systemd/system/kube-controller-manager.service",
            "--cluster-cidr=10.200.0.0/16",
            "--cluster-cidr=10.0.0.0/8"
        )
        let found = ConsistencyProver(spec: made.spec, plan: plan).violations()
        #expect(
            found.map(\.description) == [
                """
                × controller-2: kube-controller-manager.service --cluster-cidr [network.pod-cidr]
                    inventory: network.podCIDR says 10.200.0.0/16
                    controller-2: kube-controller-manager.service --cluster-cidr says 10.0.0.0/8
                  try  take the override out of extraFlags or extraConfiguration, or set network.podCIDR
                """
            ]
        )
    }

    @Test func `an override of the inventory is found`() async throws {
        var made = try await SamplePlan.make("single.yaml")
        made.spec.hosts[0].extraFlags[.kubeAPIServer] = ["service-cluster-ip-range": "10.96.0.0/16"]
        let codes = Set(ConsistencyProver(spec: made.spec, plan: made.plan).violations().map(\.code))
        #expect(codes == [.serviceCIDR, .apiServerNames, .clusterDNSOutside])
    }

    /// What an operator may well want: an issuer of the own, a DNS cache on the node.
    @Test(arguments: [
        (ComponentName.kubeAPIServer, ["service-account-issuer": "https://tokens.example.org"]),
        (.kubeAPIServer, ["admission-control-config-file": "/etc/kubernetes/admission.yaml"]),
        (.kubelet, ["cluster-dns": "169.254.20.10"]), (.kubelet, ["hostname-override": "machine"]),
    ])
    func `an override that breaks nothing is none`(_ component: ComponentName, _ flags: [String: String]) async throws {
        var made = try await SamplePlan.make("single.yaml")
        made.spec.hosts[0].extraFlags[component] = flags
        #expect(ConsistencyProver(spec: made.spec, plan: made.plan).violations().map(\.description) == [])
    }

    @Test(arguments: [
        (ComponentName.kubelet, ["cluster-dns": "169.254.20.10,10.32.0.11"], ConsistencyViolation.Code.clusterDNS),
        (.kubelet, ["hostname-override": "other"], .nodeIdentity),
        (.kubeControllerManager, ["cluster-cidr": "10.0.0.0/8"], .podCIDR),
        (.etcd, ["initial-cluster": "machine=https://203.0.113.9:2380"], .etcdCluster),
        (.etcd, ["data-dir": "/srv/etcd"], .pathReadOnly),
    ])
    func `an override that breaks something is found`(
        _ component: ComponentName,
        _ flags: [String: String],
        _ code: ConsistencyViolation.Code
    ) async throws {
        var made = try await SamplePlan.make("single.yaml")
        made.spec.hosts[0].extraFlags[component] = flags
        #expect(ConsistencyProver(spec: made.spec, plan: made.plan).violations().map(\.code) == [code])
    }
}
