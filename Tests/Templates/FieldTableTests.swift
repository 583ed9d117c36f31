import Templates
import Testing

/// Holds the tables of fields against the types of real versions, and what is rendered against the tables.
@Suite struct FieldTableTests {
    /// Types of other documents, and of the arguments of one plugin.
    private static let elsewhere: Set = [
        "SerializedNodeConfigSource", "CredentialProviderConfig", "CredentialProvider", "ExecEnvVar",
        "ImagePullIntent", "ImagePulledRecord", "ImagePullCredentials", "ImagePullSecret", "ImagePullServiceAccount",
        "DynamicResourcesArgs",
    ]
    /// The scheduler's fields of an inlined type, which the lists of the types do not show.
    private static let inlined: Set = ["enableProfiling", "enableContentionProfiling"]

    @Test(arguments: FieldTable.Component.allCases, [20, 36])
    func knowsExactlyTheFieldsOfRealVersions(component: FieldTable.Component, minor: Int) throws {
        let table = FieldTable.of(component)
        for line in try Fixture.lines("fields-1.\(minor)/\(component.rawValue).txt") {
            let words = line.split(separator: " ").map(String.init)
            guard let type = words.first, !Self.elsewhere.contains(type) else { continue }
            let inlined = type == "KubeSchedulerConfiguration" ? Self.inlined : []
            let known = Set(table.names(of: type, in: KubernetesVersion(1, minor, 2)))
            #expect(known == inlined.union(words.dropFirst()), "\(type)")
        }
    }

    /// The names on the way to every field, without the two that every document has.
    private static func paths(_ value: OrderedValue, below path: [String] = []) -> [[String]] {
        let fields = value.fields.filter { !path.isEmpty || !["apiVersion", "kind"].contains($0.name) }
        return fields.flatMap { field -> [[String]] in
            let own = path + [field.name]
            return [own] + paths(field.value, below: own)
        }
    }

    @Test(arguments: 20...37)
    func everyRenderedFieldExists(minor: Int) {
        let version = KubernetesVersion(1, minor)
        let topology = Topology.lab(version)
        var kubelet = topology.kubeletConfig
        kubelet.resolvConf = "/run/systemd/resolve/resolv.conf"
        kubelet.evictionHard = ["memory.available": "100Mi"]
        kubelet.kubeReserved = ["cpu": "100m"]
        kubelet.systemReserved = ["cpu": "100m"]
        var proxy = topology.kubeProxyConfig
        proxy.nodeName = "worker-0"
        let files: [(FieldTable.Component, OrderedValue)] = [
            (.kubelet, kubelet.value), (.kubeProxy, proxy.value), (.kubeScheduler, topology.schedulerConfig.value),
        ]
        for (component, value) in files {
            let paths = Self.paths(value)
            #expect(paths.count > 4)
            #expect(paths.compactMap { FieldTable.of(component).problem(at: $0, in: version) } == [])
        }
    }

    @Test(arguments: [
        ("maxPodz", "kubelet 1.27.4 has no configuration field `maxPodz`", "did you mean `maxPods`?"),
        (
            "authentication.webhok.cacheTTL", "kubelet 1.27.4 has no configuration field `authentication.webhok`",
            "did you mean `authentication.webhook`?"
        ),
        (
            "podLogsDir", "kubelet 1.27.4 has no configuration field `podLogsDir` (it exists from 1.30 on)",
            "remove it, or choose a version that has it"
        ),
        (
            "evictionHard.memory.available",
            "`memory.available` would be taken apart: below `evictionHard` it is one name",
            "write `evictionHard: {memory.available: VALUE}`"
        ),
    ])
    func saysWhatIsWrongWithAField(path: String, description: String, remedy: String) throws {
        let names = path.split(separator: ".").map(String.init)
        let problem = try #require(FieldTable.of(.kubelet).problem(at: names, in: KubernetesVersion(1, 27, 4)))
        #expect(problem.description == description)
        #expect(problem.remedy == remedy)
    }

    @Test func tellsARemovedField() {
        let problem = FieldTable.of(.kubeScheduler).problem(at: ["healthzBindAddress"], in: KubernetesVersion(1, 36))
        #expect(problem?.reason == .removed(last: 22))
    }

    @Test(arguments: [
        ["evictionHard", "memory.available"], ["featureGates", "NodeSwap"], ["logging", "options", "json"],
        ["reservedMemory", "limits", "memory"], ["registerWithTaints", "effect"],
    ])
    func acceptsFreeNamesAndWhatItDoesNotKnow(path: [String]) {
        #expect(FieldTable.of(.kubelet).problem(at: path, in: KubernetesVersion(1, 36)) == nil)
    }
}
