import ProvisionCore
import Testing

@Suite struct HostFactsTests {
    @Test func `lines are read by their first word`() {
        let facts = HostFacts(
            output: """
                memory 4096
                os debian 12
                listen [::]:10250 users:(("kubelet",pid=9,fd=4))
                listen 127.0.0.1:2381
                listen nonsense
                address 192.168.2.2
                address 10.0.0.1
                missing conntrack
                blocked 192.168.2.8:6443
                leftover /etc/rancher
                lonely

                """
        )
        #expect(facts.number("memory") == 4096 && facts.number("os") == nil)
        #expect(facts.values["os"] == "debian 12")
        #expect(facts.listeners.map { "\($0.port) \($0.process)" } == ["10250 kubelet", "2381 ?"])
        #expect(facts.addresses == ["192.168.2.2", "10.0.0.1"])
        #expect(facts.missingTools == ["conntrack"])
        #expect(facts.unreachablePeers == ["192.168.2.8:6443"])
        #expect(facts.leftovers == ["/etc/rancher"])
    }

    @Test func `half an answer is not a host without problems`() {
        #expect(!HostFacts(output: "memory 4096\nswap 0\n").isComplete)
        #expect(HostFacts(output: "memory 4096\nfacts complete\n").isComplete)
    }

    @Test func `the script asks for the tools and peers of the host's roles`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let worker = try #require(spec.hosts(.worker).first)
        let controller = try #require(spec.hosts(.controller).first)
        let forWorker = FactsScript.text(for: worker, peers: ["192.168.2.8:6443"])
        #expect(forWorker.contains("base64 mktemp iptables conntrack mount modprobe;"))
        #expect(forWorker.contains("echo 'blocked 192.168.2.8:6443'") && !forWorker.contains("fsync"))
        let forController = FactsScript.text(for: controller, peers: [])
        #expect(forController.contains("echo \"fsync ") && !forController.contains("conntrack"))
    }

    @Test(arguments: [
        ("controller-0", ["192.168.2.3:2379", "192.168.2.4:2380", "192.168.2.5:10250"], "192.168.2.8:6443"),
        ("worker-0", ["192.168.2.8:6443", "192.168.2.6:10250"], "192.168.2.3:2379"),
        ("lb-0", ["192.168.2.2:6443", "192.168.2.4:6443"], "192.168.2.5:10250"),
        ("client-0", ["192.168.2.8:6443"], "192.168.2.2:6443"),
    ])
    func `a host must reach what its roles talk to`(_ name: String, _ wanted: [String], _ not: String) throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let peers = NeededPorts.reached(from: try #require(spec.hosts.first { $0.name == name }), in: spec)
        #expect(Set(peers).isSuperset(of: wanted) && !peers.contains(not))
    }
}
