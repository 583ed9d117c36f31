import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct HostFactsTests {
    @Test func `lines are read by their first word`() {
        let facts = HostFacts(
            output: """
                memory 4096
                os debian 12
                listen [::]:10250 users:(("kubelet",pid=9,fd=4))
                listen 127.0.0.1:2381
                listen 0.0.0.0:80 users:(("nginx",pid=812,fd=6),("nginx",pid=811,fd=6))
                lost /a sets b to c
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
        #expect(
            facts.listeners.map(\.description) == [
                "10250 held by kubelet (pid 9)", "2381 held by ?", "80 held by nginx (pid 812)",
            ]
        )
        #expect(facts.lostSettings == ["/a sets b to c"])
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
        let forWorker = FactsScript.text(for: worker, in: spec, peers: ["192.168.2.8:6443"])
        #expect(forWorker.contains("base64 mktemp iptables conntrack mount modprobe;"))
        #expect(forWorker.contains("echo blocked 192.168.2.8:6443") && !forWorker.contains("fsync"))
        let forController = FactsScript.text(for: controller, in: spec, peers: [])
        #expect(forController.contains("echo \"fsync ") && !forController.contains("conntrack"))
    }

    @Test func `only who needs them is asked for packages and nft`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let worker = try #require(spec.hosts(.worker).first)
        let balancer = try #require(spec.hosts(.loadBalancer).first)
        #expect(FactsScript.text(for: balancer, in: spec, peers: []).contains("mktemp dpkg dpkg-deb dpkg-query;"))
        #expect(!FactsScript.text(for: worker, in: spec, peers: []).contains("nft"))
        spec.lab = nil
        spec.artifacts.source = .upstream
        spec.runtime.kind = .docker
        spec.features.proxyMode = .nftables
        #expect(FactsScript.text(for: balancer, in: spec, peers: []).contains("mktemp apt-get dpkg-query;"))
        let script = FactsScript.text(for: worker, in: spec, peers: [])
        #expect(script.contains("modprobe apt-get dpkg-query nft;"))
        let quick = "systemctl() { :; }\nss() { :; }\nnft() { echo 'nftables v1.0.6 (Lester Gooch #5)'; }\n" + script
        #expect(HostFacts(output: try LocalShell.run(quick).text).values["nft"] == "v1.0.6")
    }

    @Test func `etcd's disk is the one of its own directory, made or not`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let folder = NSTemporaryDirectory() + "provision-facts-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        spec.etcd.dataDirectory = folder + "/not/made/yet"
        let controller = try #require(spec.hosts(.controller).first)
        let script = FactsScript.text(for: controller, in: spec, peers: [])
        // What is asked of the whole machine, and takes time there, is left out.
        let quick = "systemctl() { :; }\nss() { :; }\ndd() { echo \"wrote $2\"; }\n" + script
        let before = HostFacts(output: try LocalShell.run(quick).text)
        #expect(before.isComplete && before.number("etcd-disk") ?? -1 >= 0)
        #expect(before.values["wrote"]?.hasPrefix("of=\(folder)/.provision-fsync.") == true)
        let member = spec.etcd.dataDirectory + "/member"
        #expect(!before.leftovers.contains(member))
        try FileManager.default.createDirectory(atPath: member, withIntermediateDirectories: true)
        let after = HostFacts(output: try LocalShell.run(quick).text)
        #expect(after.leftovers.contains(member))
        #expect(after.values["wrote"]?.hasPrefix("of=\(spec.etcd.dataDirectory)/.provision-fsync.") == true)
    }

    /// A load balancer whose `df` counts so many inodes, and whose SELinux is in this mode.
    private func facts(inodes: String, selinux: String) throws -> HostFacts {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let host = try #require(spec.hosts(.loadBalancer).first)
        let standIns = """
            systemctl() { :; }
            ss() { :; }
            getenforce() { \(selinux); }
            df() { echo 'Filesystem and others'; case $1 in -Pi) echo 'd \(inodes) /';; *) echo 'd 9 4 5 45% /';; esac; }

            """
        let text = try LocalShell.run(standIns + FactsScript.text(for: host, in: spec, peers: [])).text
        return HostFacts(output: text)
    }

    @Test func `inodes are a fact only where the file system counts them`() throws {
        #expect(try facts(inodes: "1000 900 100 90%", selinux: "return 1").number("inodes") == 100)
        for none in ["0 0 0 -", "- - - -"] {
            let btrfs = try facts(inodes: none, selinux: "return 1")
            #expect(btrfs.isComplete && btrfs.number("disk") == 5 && btrfs.values["inodes"] == nil)
        }
    }

    @Test func `SELinux's mode is a fact where there is one`() throws {
        #expect(try facts(inodes: "0 0 0 -", selinux: "echo Enforcing").values["selinux"] == "Enforcing")
        #expect(try facts(inodes: "0 0 0 -", selinux: "return 127").values["selinux"] == nil)
    }

    @Test func `hosts that are only compared with are asked for little`() throws {
        let facts = HostFacts(output: try LocalShell.run(FactsScript.comparison).text)
        #expect(facts.isComplete && facts.number("clock") ?? 0 > 1_700_000_000_000)
        #expect(facts.values["uid"] == nil && facts.addresses.isEmpty)
    }

    @Test func `many peers are asked a hundred at a time`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let host = try #require(spec.hosts(.loadBalancer).first)
        let script = FactsScript.text(for: host, in: spec, peers: (1...201).map { "192.168.2.8:\($0)" })
        #expect(script.split(separator: "\n").count { $0 == "wait" } == 3)
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
        #expect(NeededPorts.hoped(from: try #require(spec.hosts.first { $0.name == name }), in: spec) == [])
    }

    @Test func `load balancers must reach the NodePorts of their services`() throws {
        let spec = try SamplePlan.spec("ha-two-load-balancers.yaml")
        let balancer = try #require(spec.hosts(.loadBalancer).first)
        #expect(
            NeededPorts.hoped(from: balancer, in: spec) == [
                "10.2.0.21:30080", "10.2.0.21:30443", "10.2.0.22:30080", "10.2.0.22:30443",
            ]
        )
        for host in spec.hosts(.worker) + spec.hosts(.controller) {
            #expect(NeededPorts.hoped(from: host, in: spec) == [])
        }
    }

    @Test func `without load balancers of ours workers and clients must reach the endpoint itself`() throws {
        let elsewhere = try SamplePlan.spec("ha-external-lb.yaml")
        let worker = try #require(elsewhere.hosts(.worker).first)
        #expect(NeededPorts.hoped(from: worker, in: elsewhere) == ["api.example.org:6443"])
        let controller = try #require(elsewhere.hosts(.controller).first)
        #expect(NeededPorts.hoped(from: controller, in: elsewhere) == [])

        var single = try SamplePlan.spec("single.yaml")
        let machine = try #require(single.hosts.first)
        #expect(NeededPorts.reached(from: machine, in: single) == [], "it is the endpoint itself")
        var client = machine
        client.name = "client-0"
        client.roles = [.client]
        client.internalAddress = try #require(IPv4Address("203.0.113.11"))
        single.hosts.append(client)
        #expect(NeededPorts.reached(from: client, in: single) == ["203.0.113.10:6443"])
        #expect(NeededPorts.hoped(from: client, in: single) == [])
    }
}
