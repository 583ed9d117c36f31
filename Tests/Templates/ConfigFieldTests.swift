import Templates
import Testing

/// Holds every rendered field against the configuration types of Kubernetes 1.36.
@Suite struct ConfigFieldTests {
    private static let head: Set = ["apiVersion", "kind"]

    private func types(_ file: String) throws -> [String: Set<String>] {
        let lines = try Fixture.lines("fields-1.36/\(file).txt").map { $0.split(separator: " ").map(String.init) }
        return Dictionary(uniqueKeysWithValues: lines.map { ($0[0], Set($0.dropFirst())) })
    }

    @Test func kubelet() throws {
        let types = try types("kubelet")
        let value = Topology.lab(KubernetesVersion(1, 36, 2)).kubeletConfig.value
        let known = try #require(types["KubeletConfiguration"])
        #expect(Set(value.fields.map(\.name)).subtracting(Self.head).subtracting(known).isEmpty)
        let authentication = try #require(value["authentication"])
        #expect(Set(authentication.fields.map(\.name)) == types["KubeletAuthentication"])
        #expect(authentication["x509"]?.fields.map(\.name) == ["clientCAFile"])
        #expect(value["containerRuntimeEndpoint"] == "unix:///run/containerd/containerd.sock")
    }

    @Test func kubeProxy() throws {
        let types = try types("kube-proxy")
        let value = Topology.lab(KubernetesVersion(1, 36, 2)).kubeProxyConfig.value
        let known = try #require(types["KubeProxyConfiguration"])
        #expect(Set(value.fields.map(\.name)).subtracting(Self.head).subtracting(known).isEmpty)
        let conntrack = Set(value["conntrack"]?.fields.map(\.name) ?? [])
        #expect(!conntrack.isEmpty)
        #expect(conntrack.isSubset(of: types["KubeProxyConntrackConfiguration"] ?? []))
    }

    /// `enableProfiling` belongs to an inlined type, which the list of the fields does not show.
    @Test func kubeScheduler() throws {
        let value = Topology.lab(KubernetesVersion(1, 36, 2)).schedulerConfig.value
        let known = try #require(try types("kube-scheduler")["KubeSchedulerConfiguration"]).union(["enableProfiling"])
        #expect(Set(value.fields.map(\.name)).subtracting(Self.head).subtracting(known).isEmpty)
    }

    @Test(arguments: [(20, "v1beta1"), (22, "v1beta2"), (23, "v1beta3"), (24, "v1beta3"), (25, "v1"), (37, "v1")])
    func schedulerConfigurationVersion(minor: Int, expected: String) {
        let config = KubeSchedulerConfig(version: KubernetesVersion(1, minor))
        #expect(config.apiVersion == "kubescheduler.config.k8s.io/" + expected)
    }

    @Test func oldKubeletsGetNoFieldTheyWouldRefuse() {
        let value = Topology.lab(KubernetesVersion(1, 20, 2)).kubeletConfig.value
        let young = [
            "registerNode", "registerWithTaints", "seccompDefault", "containerRuntimeEndpoint", "failCgroupV1",
        ]
        for name in young { #expect(value[name] == nil, "\(name)") }
    }

    @Test func extraFieldsAreLaidOverWhatIsRendered() {
        var config = Topology.lab(KubernetesVersion(1, 36, 2)).kubeletConfig
        config.extraFields = [
            "authentication": ["webhook": ["cacheTTL": "2m"]], "maxPods": 20,
            "evictionHard": ["memory.available": "200Mi"], "allowedUnsafeSysctls": ["net.core.somaxconn"],
        ]
        #expect(config.value["authentication"]?["webhook"] == ["enabled": true, "cacheTTL": "2m"])
        #expect(config.value["authentication"]?["anonymous"] == ["enabled": false])
        #expect(config.value["maxPods"] == 20)
        let text = config.rendered().text
        #expect(text.contains("evictionHard:\n  memory.available: \"200Mi\"\n"))
        #expect(text.contains("allowedUnsafeSysctls:\n- net.core.somaxconn\n"))
    }

    @Test(arguments: [
        (ContainerdConfig.Layout.two, "io.containerd.grpc.v1.cri"), (.three, "io.containerd.cri.v1.runtime"),
    ])
    func containerdTakesFieldsOfAnyPlugin(layout: ContainerdConfig.Layout, plugin: String) {
        var config = ContainerdConfig(layout: layout, sandboxImage: "pause", systemdCgroup: true)
        let own = OrderedValue(true, below: ["plugins", plugin, "enable_cdi"])
        config.extraFields = own.merging(["debug": ["level": "warn"]])
        let text = config.rendered().text
        #expect(text.contains("[debug]\nlevel = \"warn\"\n"))
        #expect(text.contains("enable_cdi = true\n"))
        #expect(text.contains("restrict_oom_score_adj = false\n"))
    }
}
