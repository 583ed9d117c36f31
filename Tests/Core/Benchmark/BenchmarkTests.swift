import ProvisionCore
import Templates
import Testing

@Suite struct BenchmarkTests {
    /// How many checks `cis-1.12` has under each number; section 5 by its groups.
    private static let counts = [
        ("1.1", 21), ("1.2", 30), ("1.3", 7), ("1.4", 2), ("2", 7), ("3.1", 3), ("3.2", 2), ("4.1", 10), ("4.2", 14),
        ("4.3", 1), ("5", 6),
    ]

    /// What an inventory leaves open where it says nothing: choices, one exception, and what only people can judge.
    private static let open: Set = [
        "1.1.19", "1.2.9", "1.2.11", "3.1.1", "3.1.2", "3.1.3", "3.2.2", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6",
    ]

    private func spec(_ sample: String, _ change: (inout ClusterSpec) -> Void = { _ in }) throws -> ClusterSpec {
        var spec = try SamplePlan.spec(sample)
        change(&spec)
        return spec
    }

    private func ids(_ state: BenchmarkFinding.State, _ spec: ClusterSpec) -> Set<String> {
        Set(Benchmark(spec: spec).findings().filter { $0.state == state }.map(\.id))
    }

    @Test func `every check has its number, once and in order`() throws {
        let numbers = Self.counts.flatMap { group, count in (1...count).map { "\(group).\($0)" } }
        #expect(try Benchmark(spec: spec("single.yaml")).findings().map(\.id) == numbers)
    }

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func `no sample undoes a check`(_ sample: String) throws {
        let unmet = try Benchmark(spec: spec(sample)).findings().filter { $0.state == .unmet }
        #expect(unmet.map { "\($0.id): \($0.reasons)" } == [])
    }

    @Test(arguments: SupportMatrix.minors)
    func `what a version leaves open is known`(_ minor: Int) throws {
        let spec = try spec("single.yaml") { $0.versions.kubernetes = KubernetesVersion(1, minor) }
        let old: Set<String> = minor < 21 ? ["1.2.3", "4.2.14"] : minor < 25 ? ["4.2.14"] : []
        #expect(ids(.open, spec) == Self.open.union(old))
        #expect(ids(.unmet, spec).isEmpty)
    }

    /// The same text, whether keys and programs are at hand or not.
    @Test func `credentials change nothing`() async throws {
        let made = try await SamplePlan.make("external-etcd.yaml")
        let findings = Benchmark(spec: made.spec, plan: made.plan).findings()
        #expect(findings == Benchmark(spec: made.spec).findings())
    }

    @Test func `choices of the inventory close what is open`() throws {
        let spec = try spec("single.yaml") {
            $0.features.audit = .hardened
            $0.features.alwaysPullImages = true
        }
        #expect(ids(.open, spec) == Self.open.subtracting(["1.2.11", "3.2.2"]))
    }

    @Test func `choices of the inventory undo checks`() throws {
        let bare = try spec("single.yaml") {
            $0.features.encryption = .none
            $0.features.audit = .none
            $0.features.staticTokenFile = "/i/token.csv"
        }
        let audit = ["1.2.16", "1.2.17", "1.2.18", "1.2.19", "3.2.1"]
        #expect(ids(.unmet, bare) == Set(["1.2.2", "1.2.27", "1.2.28"] + audit))
    }

    private static let flagSlips: [(ComponentName, [String: String], [String])] = [
        (.kubeAPIServer, ["disable-admission-plugins": "ServiceAccount"], ["1.2.12"]),
        (.kubeAPIServer, ["disable-admission-plugins": "NamespaceLifecycle"], ["1.2.13"]),
        (.kubeAPIServer, ["service-account-lookup": "false"], ["1.2.21"]),
        (
            .kubeAPIServer, ["enable-admission-plugins": "AlwaysAdmit,NodeRestriction"],
            ["1.2.3", "1.2.10"]
        ),
        (.kubeAPIServer, ["authorization-mode": "AlwaysAllow"], ["1.2.6", "1.2.7", "1.2.8"]),
        (.kubeAPIServer, ["tls-cipher-suites": "TLS_RSA_WITH_AES_128_CBC_SHA"], ["1.2.29"]),
        (.kubeAPIServer, ["audit-log-maxbackup": "3"], ["1.2.18"]),
        (.kubeControllerManager, ["feature-gates": "A=true,RotateKubeletServerCertificate=false"], ["1.3.6"]),
        (.kubeControllerManager, ["bind-address": "0.0.0.0"], ["1.3.7"]),
        (.etcd, ["auto-tls": "true", "peer-auto-tls": "true"], ["2.3", "2.6"]),
        (.etcd, ["trusted-ca-file": "/etc/kubernetes/pki/ca.crt"], ["2.7"]),
        (.kubelet, ["hostname-override": "other"], ["4.2.7"]),
        (.kubelet, ["rotate-certificates": "false"], ["4.2.10"]),
        (.kubelet, ["feature-gates": "RotateKubeletServerCertificate=false"], ["4.2.11"]),
        (.kubelet, ["anonymous-auth": "true"], ["4.2.1"]),
        (.kubeProxy, ["metrics-bind-address": "0.0.0.0:10249"], ["4.3.1"]),
    ]

    @Test(arguments: flagSlips)
    func `a flag undoes a check`(_ component: ComponentName, _ flags: [String: String], _ found: [String]) throws {
        let spec = try spec("single.yaml") { $0.hosts[0].extraFlags[component] = flags }
        #expect(ids(.unmet, spec) == Set(found))
    }

    private static let fieldSlips: [(ComponentName, OrderedValue, String)] = [
        (.kubelet, ["featureGates": ["RotateKubeletServerCertificate": false]], "4.2.11"),
        (.kubelet, ["readOnlyPort": 10255], "4.2.4"), (.kubelet, ["streamingConnectionIdleTimeout": "0s"], "4.2.5"),
        (.kubelet, ["makeIPTablesUtilChains": false], "4.2.6"), (.kubelet, ["podPidsLimit": .integer(-1)], "4.2.13"),
        (.kubeProxy, ["metricsBindAddress": "0.0.0.0:10249"], "4.3.1"),
    ]

    @Test(arguments: fieldSlips)
    func `a field undoes a check`(_ component: ComponentName, _ fields: OrderedValue, _ found: String) throws {
        let spec = try spec("single.yaml") { $0.hosts[0].extraConfiguration[component] = fields }
        #expect(ids(.unmet, spec) == [found])
    }

    @Test func `what is wrong is said once for all its hosts`() throws {
        let spec = try spec("lab.yaml") { spec in
            for index in spec.hosts.indices { spec.hosts[index].extraFlags[.kubeAPIServer] = ["profiling": "true"] }
        }
        let finding = Benchmark(spec: spec).findings().first { $0.id == "1.2.15" }
        let words = "kube-apiserver.service --profiling is true, must be false"
        #expect(finding?.reasons == ["controller-0, controller-1, controller-2: \(words)"])
    }

    @Test func `a file that the operator brings is theirs to judge`() throws {
        let spec = try spec("single.yaml") {
            $0.hosts[0].extraFlags[.kubeAPIServer] = ["encryption-provider-config": "/srv/encryption.yaml"]
        }
        #expect(ids(.open, spec) == Self.open.union(["1.2.28"]))
    }
}

/// Without flags, modes and owners hardly anything may be met: a check that cannot fail is found here.
@Suite struct BenchmarkSlipTests {
    /// Met where nothing is said: the flags and fields that undo them are tried in `BenchmarkTests`.
    private static let metByAbsence: Set = [
        "1.2.2", "1.2.10", "1.2.12", "1.2.13", "1.2.21", "1.3.6", "2.3", "2.6", "4.2.6", "4.2.7", "4.2.10", "4.2.11",
    ]

    /// Everything open to everybody.
    private func stripped(_ resource: any Resource) -> any Resource {
        if let directory = resource as? DirectoryResource {
            return DirectoryResource(directory.path, mode: 0o777, owner: "nobody:nogroup", reason: "stripped")
        }
        guard var file = (resource as? FileResource)?.file else { return resource }
        file.mode = 0o666
        file.owner = "nobody"
        file.group = "nogroup"
        return FileResource(file, reason: "stripped")
    }

    /// Units without their flags, so that no configuration file is named either.
    private func bare(_ resource: any Resource) -> any Resource {
        guard var file = (resource as? FileResource)?.file, file.path.hasSuffix(".service") else { return resource }
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { !$0.hasPrefix("  --") }.map { $0.hasSuffix(" \\") ? $0.dropLast(2) : $0 }
        file.content = Array(kept.joined(separator: "\n").utf8)
        return FileResource(file, reason: "bare")
    }

    private func met(_ change: (any Resource) -> any Resource) async throws -> Set<String> {
        var plan = try await SampleMaterials.shared.plan("single.yaml")
        for lane in plan.lanes.indices {
            for stage in plan.lanes[lane].stages.indices {
                let resources = plan.lanes[lane].stages[stage].resources
                plan.lanes[lane].stages[stage].resources = resources.map(change)
            }
        }
        let findings = Benchmark(spec: try SamplePlan.spec("single.yaml"), plan: plan).findings()
        return Set(findings.filter { $0.state == .met }.map(\.id))
    }

    @Test func `without modes and owners no file is well`() async throws {
        let met = try await met(stripped)
        #expect(met.filter { $0.hasPrefix("1.1.") || $0.hasPrefix("4.1.") } == [])
    }

    @Test func `without flags hardly anything is well`() async throws {
        let met = try await met(bare)
        #expect(met.filter { !$0.hasPrefix("1.1.") && !$0.hasPrefix("4.1.") } == Self.metByAbsence)
    }

    @Test func `a key of etcd's is an exception, any other owner is not`() async throws {
        let plan = try await SampleMaterials.shared.plan("single.yaml")
            .setting("machine", "/etc/kubernetes/pki/apiserver.key", mode: 0o600, owner: "etcd")
        let findings = Benchmark(spec: try SamplePlan.spec("single.yaml"), plan: plan).findings()
        let finding = findings.first { $0.id == "1.1.19" }
        #expect(finding?.state == .unmet)
        #expect(
            finding?.reasons == ["machine: /etc/kubernetes/pki/apiserver.key belongs to etcd:etcd, must be root:root"]
        )
    }
}
