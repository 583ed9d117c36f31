import ProvisionCore
import Templates
import Testing

/// Facts as hosts print them, one line changed at a time.
@Suite struct PreflightTests {
    private func results(
        _ changes: [String: [String]],
        clusterID: String? = "id-1",
        clocks: [String: Int] = [:],
        beside others: Set<String> = [],
        adjust: (inout ClusterSpec) -> Void = { _ in }
    ) throws -> [PreflightResult] {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.lab = nil
        adjust(&spec)
        let facts = spec.hosts.map { host in
            var facts = HostFacts(output: FactsText.of(host, changes[host.name] ?? []))
            facts.clockOffset = clocks[host.name] ?? 0
            return (host.name, facts)
        }
        let all = Dictionary(uniqueKeysWithValues: facts)
        return Preflight(spec: spec, clusterID: clusterID).results(
            all.filter { !others.contains($0.key) },
            beside: all.filter { others.contains($0.key) }
        )
    }

    private func problems(_ results: [PreflightResult]) -> [String] {
        results.filter { $0.level != .pass }.map { "\($0.level) \($0.id) \($0.host): \($0.text)" }
    }

    @Test func `fresh hosts pass every check`() throws {
        let results = try results([:])
        #expect(problems(results) == [])
        #expect(Set(results.map(\.host)).count == 9, "eight hosts and this machine")
        #expect(results.filter { $0.host == "worker-0" }.count == 17)
    }

    /// A changed line on one host, and what must be said about it.
    @Test(arguments: [
        ("controller-0", "uid 1000", "failure ssh.root controller-0: commands run as uid 1000"),
        (
            "worker-1", "marker id-2 other worker-1",
            "failure host.identity worker-1: belongs to another cluster: other (id-2)"
        ),
        (
            "worker-1", "leftover /etc/rancher",
            "failure host.identity worker-1: leftovers of another cluster: /etc/rancher"
        ),
        (
            "worker-1", "hostname other",
            "failure host.name worker-1: its host name is other, the node name is worker-1"
        ),
        ("lb-0", "-address", "failure host.address lb-0: does not hold 192.168.2.8"),
        (
            "lb-0", "systemd 241",
            "failure host.system lb-0: debian 12, kernel 6.1.0, x86_64, no systemd >= 245"
        ),
        (
            "lb-0", "arch aarch64",
            "failure host.arch lb-0: its processor is aarch64, the inventory takes it for amd64"
        ),
        ("lb-0", "readonly /usr/local or /etc", "failure host.system lb-0: /usr/local or /etc is read-only"),
        ("worker-2", "missing conntrack", "failure host.tools worker-2: missing: conntrack"),
        ("controller-1", "memory 1024", "failure host.memory controller-1: 1024 MB of memory, needs 1700 MB"),
        ("worker-0", "disk 900", "failure host.disk worker-0: 900 MB free in /var/lib, needs 2000 MB"),
        ("worker-0", "inodes 10", "failure host.inodes worker-0: 10 inodes free in /var/lib, needs 10000"),
        (
            "controller-0", "lost /etc/sysctl.d/99-sysctl.conf sets net.ipv4.ip_forward to 0 at boot",
            "warning host.sysctl controller-0: /etc/sysctl.d/99-sysctl.conf sets net.ipv4.ip_forward to 0 at boot"
        ),
        ("worker-0", "swap 1", "failure host.swap worker-0: swap is on"),
        (
            "controller-2", "listen *:6443 users:((\"nginx\",pid=7,fd=3))",
            "failure host.ports controller-2: ports in use by others: 6443 held by nginx (pid 7)"
        ),
        (
            "controller-2", "listen *:2379",
            "failure host.ports controller-2: ports in use by others: 2379 held by ?"
        ),
        (
            "worker-0", "blocked 192.168.2.8:6443",
            "failure network.reach worker-0: no answer from 192.168.2.8:6443"
        ),
        (
            "controller-0", "etcd-disk 100",
            "failure etcd.disk controller-0: 100 MB free for /var/lib/etcd, needs 200 MB"
        ),
        ("controller-0", "fsync 40", "warning etcd.fsync controller-0: a synced write takes 40 ms"),
        (
            "worker-1", "machine-id m-worker-0",
            "failure host.unique worker-0: worker-0, worker-1 have the same machine-id m-worker-0"
        ),
        (
            "worker-1", "product-uuid u-worker-0",
            "failure host.unique worker-0: worker-0, worker-1 have the same product-uuid u-worker-0"
        ),
    ])
    func `a fact that is wrong is the only problem`(_ host: String, _ line: String, _ problem: String) throws {
        #expect(problems(try results([host: [line]])) == [problem])
    }

    /// What comes as a package needs apt, or dpkg alone where the package's files are sent.
    @Test func `a host that gets packages must be able to install them`() throws {
        let missing = ["missing apt-get", "missing dpkg-query", "missing dpkg"]
        let names = ["lb-0", "worker-0", "worker-1"]
        let lines = Dictionary(uniqueKeysWithValues: names.map { ($0, missing) })
        let fetched = try results(lines) {
            $0.artifacts.source = .upstream
            $0.runtime.kind = .docker
        }
        let found = fetched.filter { $0.id == "host.packages" && $0.level == .failure }
        #expect(found.map(\.host) == names)
        #expect(found[0].text == "missing: apt-get dpkg-query, and haproxy comes as a package")
        #expect(found[0].fix.contains("endpoint.address") && found[1].fix.contains("runtime.kind"))
        let sent = try results(["lb-0": ["missing apt-get"]]) { $0.artifacts.source = .debian }
        #expect(problems(sent) == ["failure host.tools lb-0: missing: apt-get"], "nothing asks for it there")
        let bare = try results(["lb-0": ["missing dpkg"]]) { $0.artifacts.source = .debian }
        #expect(problems(bare) == ["failure host.packages lb-0: missing: dpkg, and haproxy comes as a package"])
    }

    @Test(
        arguments: [
            (["nft v1.0.6"], []), (["nft v1.1"], []), ([], []),
            (["nft v1.0.0"], ["nft v1.0.0, and kube-proxy's nftables mode calls it from 1.0.1 on"]),
            (["nft v0.9.8"], ["nft v0.9.8, and kube-proxy's nftables mode calls it from 1.0.1 on"]),
            (["missing nft"], ["missing: nft, and kube-proxy's nftables mode calls it from 1.0.1 on"]),
        ] as [([String], [String])]
    )
    func `a worker needs nft where kube-proxy's mode is nftables`(_ lines: [String], _ words: [String]) throws {
        let found = try results(["worker-0": lines]) { $0.features.proxyMode = .nftables }
        #expect(problems(found) == words.map { "failure host.nft worker-0: \($0)" })
        #expect(found.filter { $0.id == "host.nft" }.count == 3, "workers alone")
    }

    /// Lines that are no problem there.
    @Test(arguments: [
        ("worker-1", "marker id-1 kubernetes-the-hard-way worker-1"), ("worker-0", "memory 900"),
        ("controller-2", "listen 0.0.0.0:6443 users:((\"kube-apiserver\",pid=7,fd=3))"),
        ("lb-0", "listen *:6443 users:((\"haproxy\",pid=7,fd=3))"), ("lb-0", "listen *:22 users:((\"sshd\",pid=1))"),
        ("controller-1", "swap 1"), ("lb-0", "hostname anything"), ("worker-1", "hostname WORKER-1"),
        ("worker-0", "-inodes"), ("lb-0", "lost a setting"), ("worker-0", "selinux Permissive"),
        ("worker-0", "fsync 900"), ("worker-0", "product-uuid "), ("worker-0", "a line nobody knows"),
    ])
    func `a fact that does no harm is passed`(_ host: String, _ line: String) throws {
        #expect(problems(try results([host: [line]])) == [])
    }

    @Test(arguments: [
        (2000, []), (-2000, []), (2001, ["warning clock.skew worker-0: 2001 ms ahead of the median of the hosts"]),
        (30_000, ["warning clock.skew worker-0: 30000 ms ahead of the median of the hosts"]),
        (30_001, ["failure clock.skew worker-0: 30001 ms ahead of the median of the hosts"]),
        (-30_001, ["failure clock.skew worker-0: 30001 ms behind the median of the hosts"]),
    ])
    func `a clock is held against the median, not against ours`(_ skew: Int, _ expected: [String]) throws {
        let ours = 1500
        var clocks = Dictionary(
            uniqueKeysWithValues: try SamplePlan.spec("lab-debian.yaml").hosts.map { ($0.name, ours) }
        )
        clocks["worker-0"] = ours + skew
        #expect(problems(try results([:], clocks: clocks)) == expected)
    }

    @Test(arguments: [(2001, "warning"), (30_001, "failure")])
    func `where the hosts agree it is this machine's clock that is off`(_ skew: Int, _ level: String) throws {
        let names = try SamplePlan.spec("lab-debian.yaml").hosts.map(\.name)
        let found = try results([:], clocks: Dictionary(uniqueKeysWithValues: names.map { ($0, skew) }))
        let text = "\(skew) ms behind the median of the hosts"
        #expect(problems(found) == ["\(level) clock.operator this machine: \(text)"])
    }

    private static let allButOne: Set = [
        "lb-0", "controller-0", "controller-1", "controller-2", "worker-0", "worker-2", "client-0",
    ]

    @Test func `a host of a limited run is compared with those that were left out, and only it is judged`() throws {
        let changes = [
            "worker-0": ["machine-id m-worker-1"], "worker-2": ["swap 1", "product-uuid u-lb-0"],
        ]
        let found = try results(changes, clocks: ["worker-1": 60_000], beside: Self.allButOne)
        #expect(
            Set(problems(found)) == [
                "failure clock.skew worker-1: 60000 ms ahead of the median of the hosts",
                "failure host.unique worker-1: worker-1, worker-0 have the same machine-id m-worker-1",
            ]
        )
    }

    @Test func `a host alone is held against this machine`() throws {
        let found = try results([:], clocks: ["worker-1": -60_000]) { spec in
            spec.hosts.removeAll { $0.name != "worker-1" }
        }
        #expect(problems(found) == ["failure clock.skew worker-1: 60000 ms behind this machine"])
    }

    @Test func `a silent NodePort or somebody else's load balancer is a warning`() throws {
        let service = LoadBalancerSpec.Service(name: "web", port: 80, nodePort: 30080)
        let open = { (spec: inout ClusterSpec) in spec.loadBalancer.services = [service] }
        let silent = try results(["lb-0": ["blocked 192.168.2.5:30080"]], adjust: open)
        #expect(problems(silent) == ["warning network.reach lb-0: no answer from 192.168.2.5:30080"])
        let both = try results(["lb-0": ["blocked 192.168.2.5:30080", "blocked 192.168.2.2:6443"]], adjust: open)
        #expect(problems(both).map { String($0.prefix(26)) } == ["failure network.reach lb-0"])
        #expect(problems(try results(["lb-0": ["blocked 192.168.2.5:30080"]])).first?.hasPrefix("failure") == true)
    }

    @Test func `it is said who logs in and how root is reached`() throws {
        let found = try results([:]) { spec in
            for index in spec.hosts.indices where spec.hosts[index].has(.worker) {
                spec.hosts[index].ssh.privilege = .sudo
                if spec.hosts[index].name == "worker-1" { spec.hosts[index].sshSecrets.sudoPassword = .ask }
                if spec.hosts[index].name == "worker-2" { spec.hosts[index].ssh.transport = .local }
            }
        }
        let texts: [String: String] = found.filter { $0.id == "ssh.root" }.reduce(into: [:]) { $0[$1.host] = $1.text }
        #expect(texts["lb-0"] == "commands run as root (login as root)")
        #expect(texts["worker-0"] == "commands run as root (login as ann, sudo without password)")
        #expect(texts["worker-1"] == "commands run as root (login as ann, sudo with password)")
        #expect(texts["worker-2"] == "commands run as root (as ann, sudo without password)")
    }

    @Test func `a virtual address needs the interface of its load balancers`() throws {
        let found = try results(["lb-0": ["address 192.168.2.8 ens3"]]) {
            $0.loadBalancer.virtualAddress = IPv4Address("192.168.2.100")
        }
        let text = "has no interface eth0 for keepalived; its own address is on ens3"
        #expect(problems(found) == ["failure host.address lb-0: \(text)"])
        #expect(problems(try results(["lb-0": ["address 192.168.2.8 ens3"]])) == [], "nobody asks without one")
    }

    @Test func `nftables needs a kernel that has what kube-proxy uses`() throws {
        let old = ["worker-0": ["kernel 5.10.0-30-amd64"]]
        let found = try results(old) { $0.features.proxyMode = .nftables }
        let text = "kernel 5.10.0-30-amd64, and kube-proxy's nftables mode needs 5.13"
        #expect(problems(found) == ["failure host.kernel worker-0: \(text)"])
        #expect(problems(try results(old)) == [])
    }

    @Test func `swap that apply turns off is a warning`() throws {
        let found = try results(["worker-0": ["swap 1"]]) { $0.features.disableSwap = true }
        #expect(problems(found) == ["warning host.swap worker-0: swap is on"])
    }

    @Test func `what is not done for SELinux is said`() throws {
        let found = try results(["lb-0": ["selinux Enforcing"]]).filter { $0.level != .pass }
        #expect(found.map { "\($0.level) \($0.id) \($0.host)" } == ["warning host.selinux lb-0"])
        #expect(found.first?.text.contains("directories that were there keep theirs") == true)
    }

    @Test func `an old cgroup is refused only where the version refuses it`() throws {
        #expect(problems(try results(["worker-0": ["cgroup tmpfs"]])) == [])
        let found = try results(["worker-0": ["cgroup tmpfs"]]) { $0.versions.kubernetes.minor = 35 }
        #expect(problems(found) == ["failure host.cgroup worker-0: cgroup v1"])
    }

    @Test func `another processor is told by the word that the inventory needs`() throws {
        let other = "take a host with an amd64 or arm64 processor"
        for (machine, fix) in [("aarch64", "set architecture: arm64"), ("riscv64", other)] {
            let found = try results(["worker-0": ["arch \(machine)"]]).filter { $0.level != .pass }
            #expect(found.map(\.fix) == [fix])
        }
        let arm = try results(["worker-0": ["arch aarch64"]]) { spec in
            for index in spec.hosts.indices where spec.hosts[index].name == "worker-0" {
                spec.hosts[index].architecture = .arm64
            }
        }
        #expect(problems(arm) == [])
    }

    @Test func `every problem says what to do`() throws {
        let found = try results([
            "worker-0": ["uid 7", "swap 1", "disk 1", "missing ip", "blocked a:1", "cgroup tmpfs"]
        ])
        #expect(found.filter { $0.level != .pass }.count == 5)
        #expect(found.allSatisfy { ($0.level == .pass) == $0.fix.isEmpty })
    }

    @Test func `a host of another cluster is refused before there is a store`() throws {
        let found = try results(["lb-0": ["marker id-1 lab lb-0"]], clusterID: nil)
        #expect(problems(found) == ["failure host.identity lb-0: belongs to another cluster: lab (id-1)"])
    }
}
