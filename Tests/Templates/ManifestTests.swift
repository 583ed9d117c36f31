import Templates
import Testing

@Suite struct ManifestTests {
    private func coreDNS(_ version: KubernetesVersion, upstreams: [String]) -> CoreDNSManifest {
        var manifest = Topology.lab(version).coreDNS
        manifest.upstreams = upstreams
        return manifest
    }

    @Test func coreDNSForwardsOnlyToNamedResolvers() {
        let version = KubernetesVersion(1, 36)
        let closed = coreDNS(version, upstreams: []).corefile
        #expect(closed.hasPrefix("cluster.local:53 in-addr.arpa:53 ip6.arpa:53 {\n    errors\n"))
        #expect(!closed.contains("forward"))
        let open = coreDNS(version, upstreams: ["192.168.2.1", "192.168.2.9"]).corefile
        #expect(open.hasPrefix(".:53 {\n"))
        #expect(open.contains("\n    forward . 192.168.2.1 192.168.2.9\n    loop\n    cache 30\n"))
    }

    @Test(arguments: [(20, "policy/v1beta1"), (21, "policy/v1"), (37, "policy/v1")])
    func disruptionBudgetFollowsTheVersion(minor: Int, expected: String) throws {
        let objects = coreDNS(KubernetesVersion(1, minor), upstreams: []).manifest.objects
        let budget = try #require(objects.first { $0["kind"] == "PodDisruptionBudget" })
        #expect(budget["apiVersion"] == .string(expected))
    }

    @Test func nodesCarryTheirPodNetwork() throws {
        let node = try #require(Topology.lab(KubernetesVersion(1, 36)).nodes.manifest.objects.last)
        #expect(node["metadata"]?["name"] == "worker-2")
        #expect(node["spec"]?["podCIDR"] == "10.200.2.0/24")
        #expect(node["spec"]?["podCIDRs"] == ["10.200.2.0/24"])
        #expect(node["spec"]?["providerID"] == nil)
    }

    @Test func healthReadersMayOnlyRead() throws {
        let objects = AccessManifest().manifest.objects
        let role = try #require(objects.first { $0["kind"] == "ClusterRole" })
        guard case .array(let rules)? = role["rules"] else {
            Issue.record("no rules")
            return
        }
        #expect(rules.allSatisfy { $0["verbs"] == ["get"] && $0["resources"] == nil })
    }

    @Test func dnsmasqRefusesOutsideNamesUnlessItHasResolvers() {
        var manifest = Topology.lab(KubernetesVersion(1, 20, 2)).dnsmasq
        #expect(manifest.serverArguments.contains("--no-resolv"))
        #expect(!manifest.serverArguments.contains { $0.hasPrefix("--server") })
        manifest.upstreams = ["192.168.2.1"]
        #expect(manifest.serverArguments.last == "--server=192.168.2.1")
    }

    @Test(arguments: [("1.6.20", ContainerdConfig.Layout.two), ("v1.7.27", .two), ("2.1.4", .three)])
    func containerdLayoutFollowsItsVersion(version: String, layout: ContainerdConfig.Layout) {
        #expect(ContainerdConfig.Layout(containerdVersion: version) == layout)
    }
}
