import Testing

@testable import ProvisionLab

@Suite struct LabTests {
    private let configuration = LabConfiguration(
        name: "lab",
        subnet: "192.168.2.0/24",
        hosts: [LabHost(name: "worker-0", address: "192.168.2.5")],
        stateDirectory: "/state/labs/lab",
        cacheDirectory: "/cache"
    )

    @Test func `the bridge has the subnet's first address and a name that fits the kernel`() {
        #expect(configuration.gateway == "192.168.2.1")
        #expect(configuration.bridge.utf8.count <= 15)
        var other = configuration
        other.name = "lab2"
        #expect(other.bridge != configuration.bridge)
        let link = configuration.link(LabHost(name: "a-controller-with-a-long-name", address: "192.168.2.77"))
        #expect(link.utf8.count <= 15)
        #expect(other.link(configuration.hosts[0]) != configuration.link(configuration.hosts[0]))
    }

    @Test(arguments: [
        ("192.168.0.0/16 dev eth0", true), ("192.168.2.128/25 via 10.0.0.1 dev eth0", true),
        ("local 192.168.2.77 dev eth1 table local", true), ("unreachable 192.168.2.0/24", true),
        ("default via 192.168.2.254 dev eth0", false), ("10.0.0.0/8 dev eth0", false),
        ("192.168.3.0/24 dev eth0", false),
        ("unreachable 192.168.2.0/24 metric 4278198272", false),
    ])
    func `a subnet that somebody routes is refused`(route: String, isConflict: Bool) {
        let found = LabNetwork.conflict(in: route + "\n", subnet: "192.168.2.0/24", bridge: configuration.bridge)
        #expect((found != nil) == isConflict)
    }

    @Test func `the lab's own routes are no conflict`() {
        let own = "192.168.2.0/24 dev \(configuration.bridge) proto kernel scope link src 192.168.2.1"
        #expect(LabNetwork.conflict(in: own, subnet: "192.168.2.0/24", bridge: configuration.bridge) == nil)
    }

    private static let routes = """
        default via 10.0.0.1 dev eth0
        192.168.2.0/24 dev prv626092f4 proto kernel scope link src 192.168.2.1 linkdown
        192.168.4.0/24 dev prvother proto kernel scope link src 192.168.4.1
        unreachable 192.168.2.0/24 metric 4278198272
        unreachable 192.168.4.0/24 metric 4278198272
        unreachable 192.168.9.0/24 metric 4278198272
        """

    /// An edit of the inventory while the lab stands; another lab's network is none of its own.
    @Test(arguments: [
        ("192.168.2.5", true), ("192.168.3.5", false), ("192.168.4.5", false), ("192.168.9.5", false),
        ("worker-0.example.org", true),
    ])
    func `an address that the standing lab does not hold is seen`(_ address: String, _ isHeld: Bool) {
        let bridge = configuration.bridge
        let found = LabNetwork.uncovered([address], routes: Self.routes, bridge: bridge)
        #expect(bridge == "prv626092f4" && found == (isHeld ? [] : [address]))
    }

    @Test func `an address is held by the worse route too, should the bridge go`() {
        let routes = "192.168.2.0/24 dev \(configuration.bridge) proto kernel scope link src 192.168.2.1\n"
        #expect(
            LabNetwork.uncovered(["192.168.2.5"], routes: routes, bridge: configuration.bridge) == ["192.168.2.5"]
        )
    }

    @Test func `what a lab has taken is what it wrote down and what its bridge holds`() {
        let bridge = """
            5: prv626092f4    inet 192.168.2.1/24 scope global prv626092f4\\       valid_lft forever preferred_lft forever
            5: prv626092f4    inet 10.9.8.1/20 scope global prv626092f4\\       valid_lft forever preferred_lft forever
            """
        let taken = LabNetwork.subnets(record: "192.168.2.0/24\n192.168.9.0/24", bridge: bridge)
        #expect(taken == ["192.168.2.0/24", "192.168.9.0/24", "10.9.0.0/20"])
        #expect(LabNetwork.subnets(record: "", bridge: "") == [])
    }

    @Test func `only a route that no other lab needs goes with a lab`() {
        let own = LabNetwork.own(
            ["192.168.2.0/24", "192.168.4.0/24", "192.168.9.0/24"],
            routes: Self.routes,
            bridge: configuration.bridge
        )
        #expect(own == ["192.168.2.0/24", "192.168.9.0/24"])
    }

    @Test func `a process is told from another with the same number`() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2"
        #expect(LabProcess.start(in: stat) == "987654")
        #expect(LabProcess(record: "1 0")?.isRunning == false)
        #expect(LabProcess(record: "nothing") == nil)
    }

    @Test func `the machine's command line has what Kubernetes needs`() {
        let host = configuration.hosts[0]
        let arguments = LabMachine.arguments(configuration, host, LabMachinePaths(configuration, host))
        #expect(arguments.contains("--capability=all"))
        #expect(arguments.contains("--bind=/state/labs/lab/hosts/worker-0/var-lib:/var/lib"))
        #expect(arguments.contains("--network-bridge=\(configuration.bridge)"))
        #expect(arguments.last?.hasSuffix("bpf perf_event_open") == true)
    }
}
