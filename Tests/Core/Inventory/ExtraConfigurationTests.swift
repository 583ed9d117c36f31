import ProvisionCore
import Templates
import Testing

@Suite struct ExtraConfigurationTests {
    private static func inventory(_ kubelet: String, role: String = "{}", host: String = "{}") -> String {
        """
        apiVersion: provision/v1
        extraConfiguration:
          kubelet: \(kubelet)
        roles:
          workers:
            extraConfiguration: {kubelet: \(role)}
        hosts:
          controllers:
            - {name: machine, address: 203.0.113.10, extraConfiguration: {kubelet: \(host)}}
          workers: [machine]

        """
    }

    private static func fields(_ text: String) throws -> OrderedValue {
        let host = try InventoryFixtures.decode(text).spec.hosts.first
        return try #require(host?.extraConfiguration[.kubelet])
    }

    @Test func `lists and tables are taken as they are written`() throws {
        let fields = try Self.fields(
            Self.inventory(
                """
                {allowedUnsafeSysctls: [net.core.somaxconn, "kernel.msg*"], kubeReserved: {cpu: "1", memory: 1Gi},
                    evictionHard: {memory.available: 200Mi}, featureGates: {NodeSwap: true}, resolvConf: "",
                    reservedMemory: [{numaNode: 0, limits: {memory: 1Gi}}]}
                """
            )
        )
        #expect(fields["allowedUnsafeSysctls"] == ["net.core.somaxconn", "kernel.msg*"])
        #expect(fields["kubeReserved"] == ["cpu": "1", "memory": "1Gi"])
        #expect(fields["evictionHard"] == ["memory.available": "200Mi"])
        #expect(fields["featureGates"] == ["NodeSwap": true])
        #expect(fields["resolvConf"] == "")
        let memory: OrderedValue = [["numaNode": 0, "limits": ["memory": "1Gi"]]]
        #expect(fields["reservedMemory"] == memory)
    }

    @Test func `layers become one, in paths and in tables`() throws {
        let text = Self.inventory(
            "{authentication.webhook.cacheTTL: 30s, evictionHard: {memory.available: 200Mi}, tlsCipherSuites: [a, b]}",
            role: "{evictionHard: {nodefs.available: 10%}, maxPods: 150}",
            host: "{authentication: {webhook: {cacheTTL: 1m}}, maxPods: 40, tlsCipherSuites: [c]}"
        )
        let fields = try Self.fields(text)
        #expect(fields["authentication"] == ["webhook": ["cacheTTL": "1m"]])
        #expect(fields["evictionHard"] == ["memory.available": "200Mi", "nodefs.available": "10%"])
        #expect(fields["maxPods"] == 40)
        #expect(fields["tlsCipherSuites"] == ["c"])
    }

    @Test func `the environment reaches values of paths, and nothing inside lists and tables`() throws {
        let fields = try Self.fields(Self.inventory(#"{clusterDomain: "${CLUSTER_NAME}"}"#))
        #expect(fields["clusterDomain"] == "from-environment")
        for inside in [#"{featureGates: {A: "${CLUSTER_NAME}"}}"#, #"{clusterDNS: ["${CLUSTER_NAME}"]}"#] {
            #expect(InventoryFixtures.codes(Self.inventory(inside)) == ["inventory.unsafe-text"])
        }
    }

    @Test(arguments: [
        ("{logging: }", "inventory.wrong-type"), ("{logging: {format: }}", "inventory.wrong-type"),
        ("{clusterDNS: [10.32.0.10, ~]}", "inventory.wrong-type"), ("{a..b: 1}", "inventory.text"),
        ("{logging: {\"a b\": 1}}", "inventory.text"), ("{logging: {format: \"a;b\"}}", "inventory.unsafe-text"),
        ("{maxPodz: 1}", "flags.unknown-field"), ("{authorization: {modus: Webhook}}", "flags.unknown-field"),
        ("{reservedMemory: [{numaNod: 0}]}", "flags.unknown-field"),
        ("{evictionHard.memory.available: 200Mi}", "flags.unknown-field"),
    ])
    func `what does not fit is refused where it stands`(_ kubelet: String, _ code: String) {
        let problems = InventoryFixtures.problems(Self.inventory(kubelet))
        #expect(problems.map(\.code) == [code])
        #expect(problems.first?.line == 3)
    }

    @Test(arguments: ComponentName.allCases)
    func `every component takes what it says, and refuses the rest at every level`(_ component: ComponentName) {
        let codes = ["extraFlags", "extraConfiguration"].map { key -> [String] in
            let section = "\(key): {\(component.rawValue): {}}"
            let filled = "\(key): {\(component.rawValue): {zzz: 1}}"
            #expect(!InventoryFixtures.codes(Self.everywhere(section)).contains { $0.hasPrefix("flags.") })
            return InventoryFixtures.codes(Self.everywhere(filled)).filter { $0.hasPrefix("flags.no-") }
        }
        #expect(codes[0] == (component.hasFlags ? [] : Array(repeating: "flags.no-flags", count: 3)))
        #expect(codes[1] == (component.hasFields ? [] : Array(repeating: "flags.no-fields", count: 3)))
    }

    @Test(arguments: [
        ("roles: {workers: {extraFlags: {kube-apiserver: {v: 2}}}}", true),
        ("roles: {workers: {extraFlags: {etcd: {snapshot-count: 9}}}}", true),
        ("roles: {clients: {extraFlags: {kubelet: {v: 2}}}}", false),
        // Nobody has the role yet, and it is the component's own.
        ("roles: {loadBalancers: {labels: {a: b}}, etcd: {extraFlags: {etcd: {snapshot-count: 9}}}}", true),
        // For the cluster: whoever runs it.
        ("extraFlags: {kube-scheduler: {v: 2}}", true),
    ])
    func `what a role says must reach somebody, by any role of its hosts`(_ text: String, _ isUsed: Bool) {
        let hosts = "hosts: {controllers: [{name: machine, address: 203.0.113.10}], workers: [machine]}"
        let codes = InventoryFixtures.codes("apiVersion: provision/v1\n\(text)\n\(hosts)\n")
        #expect(codes == (isUsed ? [] : ["flags.unused"]))
    }

    @Test func `what a host says must reach one of its own roles`() {
        func codes(_ component: ComponentName) -> [String] {
            let own = "extraFlags: {\(component.rawValue): {v: 2}}"
            return InventoryFixtures.codes(
                """
                apiVersion: provision/v1
                hosts:
                  controllers: [{name: a, address: 203.0.113.10, \(own)}, {name: b, address: 203.0.113.11}]
                  loadBalancers: [{name: c, address: 203.0.113.12}]
                  etcd: [b]
                  workers: [b]

                """
            )
        }
        for component in ComponentName.allCases where component.hasFlags {
            #expect(codes(component) == (component.role == .controller ? [] : ["flags.unused"]), "\(component)")
        }
    }

    /// One section for the cluster, for a role and for a host.
    private static func everywhere(_ section: String) -> String {
        """
        apiVersion: provision/v1
        \(section)
        roles: {workers: {\(section)}}
        hosts:
          controllers:
            - {name: machine, address: 203.0.113.10, \(section)}
          workers: [machine]

        """
    }

    @Test func `fields of a host reach the files of that host`() async throws {
        var made = try await SamplePlan.make("lab-debian.yaml")
        for index in made.spec.hosts.indices where made.spec.hosts[index].name == "worker-1" {
            made.spec.hosts[index].extraConfiguration = [
                .containerd: ["debug": ["level": "warn"]], .kubelet: ["evictionHard": ["memory.available": "200Mi"]],
                .kubeProxy: ["nodePortAddresses": ["10.0.0.0/8"]],
            ]
        }
        let plan = made.plan
        let paths = HostPaths.standard
        let changed = [paths.containerdConfig, paths.kubeletConfig, paths.kubeProxyConfig]
        let texts = changed.map { plan.file("worker-1", $0)?.text ?? "" }
        #expect(texts[0].contains("[debug]\nlevel = \"warn\"\n"))
        #expect(texts[1].contains("evictionHard:\n  memory.available: \"200Mi\"\n"))
        #expect(texts[2].contains("nodePortAddresses:\n- \"10.0.0.0/8\"\n"))
        for (path, text) in zip(changed, texts) { #expect(plan.file("worker-0", path)?.text != text) }
    }
}
