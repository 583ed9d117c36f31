import ProvisionCore
import Templates
import Testing

@Suite struct KubeBenchConfigTests {
    /// What a sample puts on its hosts.
    private func paths(_ sample: String) async throws -> Set<String> {
        let resources = try await SampleMaterials.shared.plan(sample).lanes.flatMap(\.resources)
        let files = resources.compactMap { ($0 as? FileResource)?.file.path }
        return Set(files + resources.compactMap { ($0 as? DirectoryResource)?.path })
    }

    @Test(arguments: ["lab.yaml", "lab-debian.yaml", "external-etcd.yaml", "single.yaml"])
    func `every path that it names is one that hosts get`(_ sample: String) async throws {
        let named = Set(KubeBenchConfig(spec: try SamplePlan.spec(sample)).value.texts.filter { $0.hasPrefix("/") })
        #expect(try await named.subtracting(paths(sample)) == [])
        #expect(named.count == 14)
    }

    @Test func `it names every unit that the benchmark asks for`() throws {
        let value = KubeBenchConfig(spec: try SamplePlan.spec("lab.yaml")).value
        let units = value.texts.filter { $0.hasSuffix(".service") }.map {
            $0.split(separator: "/").last.map(String.init)
        }
        #expect(
            Set(units) == [
                "kube-apiserver.service", "kube-scheduler.service", "kube-controller-manager.service", "etcd.service",
                "kubelet.service", "kube-proxy.service",
            ]
        )
    }

    /// Keys as kube-bench's own configuration has them.
    @Test func `each component has what kube-bench asks of it`() throws {
        let value = KubeBenchConfig(spec: try SamplePlan.spec("lab.yaml")).value
        func keys(_ section: String, _ component: String) -> [String] {
            value[section]?[component]?.fields.map(\.name).sorted() ?? []
        }
        #expect(keys("master", "apiserver") == ["bins", "confs", "defaultconf"])
        let controlLoop = ["bins", "confs", "defaultconf", "defaultkubeconfig", "kubeconfig"]
        #expect(keys("master", "scheduler") == controlLoop && keys("master", "controllermanager") == controlLoop)
        #expect(
            keys("node", "kubelet") == [
                "bins", "cafile", "confs", "defaultcafile", "defaultconf", "defaultkubeconfig", "defaultsvc",
                "kubeconfig", "svc",
            ]
        )
        #expect(keys("etcd", "etcd") == ["bins", "confs", "datadirs", "defaultconf", "defaultdatadir"])
        for section in ["master", "node", "etcd", "controlplane"] {
            let components = value[section]?["components"]?.texts ?? []
            #expect(!components.isEmpty && components.allSatisfy { value[section]?[$0]?["bins"] != nil })
        }
    }

    @Test func `etcd's data is looked for where it is`() throws {
        var spec = try SamplePlan.spec("lab.yaml")
        spec.etcd.dataDirectory = "/srv/etcd"
        let value = KubeBenchConfig(spec: spec).value
        #expect(value["etcd"]?["etcd"]?["datadirs"]?.texts == ["/srv/etcd"])
        #expect(value["master"]?["etcd"]?["defaultdatadir"] == "/srv/etcd")
    }

    @Test(arguments: [
        (20, "cis-1.20"), (21, "cis-1.20"), (22, "cis-1.23"), (24, "cis-1.24"), (25, "cis-1.7"), (26, "cis-1.8"),
        (27, "cis-1.9"), (28, "cis-1.10"), (29, "cis-1.11"), (31, "cis-1.11"), (32, "cis-1.12"), (37, "cis-1.12"),
    ])
    func `the cluster's version decides on the benchmark`(_ minor: Int, _ profile: String) throws {
        var spec = try SamplePlan.spec("single.yaml")
        spec.versions.kubernetes = KubernetesVersion(1, minor, 2)
        let text = KubeBenchConfig(spec: spec).text
        #expect(text.contains("\nversion_mapping:\n  \"1.\(minor)\": \(profile)\n"))
        #expect(text.contains("\ntarget_mapping:\n  \(profile):\n  - master\n  - node\n"))
        #expect(text.hasPrefix("# ") && text.contains("--benchmark \(profile)\nmaster:\n  components:\n"))
    }
}
