import ProvisionCore
import Testing

@Suite struct FirewallCleanupTests {
    private func cleanup(_ text: String) -> FirewallCleanup {
        FirewallCleanup(lines: text.split(separator: "\n").map(String.init), network: "bridge")
    }

    @Test func `our chains and the rules that jump to them go, all others stay`() {
        let cleanup = cleanup(
            #"""
            *filter
            :INPUT DROP [0:0]
            :FORWARD ACCEPT [0:0]
            :FOREIGN - [0:0]
            :KUBE-FIREWALL - [0:0]
            -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
            -A INPUT -j KUBE-FIREWALL
            -A INPUT -m comment --comment "not a jump -j KUBE-FIREWALL" -j FOREIGN
            -A FOREIGN -g KUBE-FIREWALL
            -A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
            COMMIT
            """#
        )
        #expect(
            cleanup.restoreText == """
                *filter
                :KUBE-FIREWALL - [0:0]
                -D INPUT -j KUBE-FIREWALL
                -D FOREIGN -g KUBE-FIREWALL
                -X KUBE-FIREWALL
                COMMIT

                """
        )
        #expect(cleanup.tables.map(\.isBare) == [false])
    }

    @Test func `a sandbox's chain is ours by the network in its comments only`() {
        let cleanup = cleanup(
            #"""
            *nat
            :POSTROUTING ACCEPT [0:0]
            :CNI-aaa - [0:0]
            :CNI-bbb - [0:0]
            :CNI-ccc - [0:0]
            -A POSTROUTING -s 10.200.0.2/32 -m comment --comment "name: \"bridge\" id: \"1\"" -j CNI-aaa
            -A POSTROUTING -s 10.99.0.2/32 -m comment --comment "name: \"podman\" id: \"2\"" -j CNI-bbb
            -A CNI-aaa ! -d 224.0.0.0/4 -m comment --comment "name: \"bridge\" id: \"1\"" -j MASQUERADE
            -A CNI-bbb ! -d 224.0.0.0/4 -m comment --comment "name: \"podman\" id: \"2\"" -j MASQUERADE
            COMMIT
            """#
        )
        #expect(cleanup.tables.map(\.chains) == [["CNI-aaa"]])
        #expect(cleanup.rules == 1)
        #expect(cleanup.names.count == 2 && cleanup.names.first == "nat CNI-aaa", "\(cleanup.names)")
    }

    @Test(arguments: [("bridge", ["CNI-HOSTPORT-DNAT", "CNI-DN-1"]), ("podman", [])])
    func `the port mapper's shared chains go only when nobody else is behind them`(network: String, want: [String]) {
        let cleanup = cleanup(
            """
            *nat
            :PREROUTING ACCEPT [0:0]
            :CNI-HOSTPORT-DNAT - [0:0]
            :CNI-DN-1 - [0:0]
            -A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
            -A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"\(network)\\" id: \\"1\\"" -m multiport --dports 80 -j CNI-DN-1
            COMMIT
            """
        )
        #expect(cleanup.tables.map(\.chains) == [want])
    }

    @Test(arguments: [
        (":INPUT ACCEPT [0:0]", true), (":INPUT DROP [0:0]", false), (":INPUT ACCEPT [0:0]\n:MINE - [0:0]", false),
        (":INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT", false),
        (":INPUT ACCEPT [0:0]\n:KUBE-X - [0:0]\n-A INPUT -j KUBE-X\n-A KUBE-X -j DROP", true),
    ])
    func `a table is bare when nothing but empty chains that accept remains`(body: String, want: Bool) {
        #expect(cleanup("*filter\n\(body)\nCOMMIT").tables.map(\.isBare) == [want])
    }

    @Test func `a table that iptables cannot show is never bare`() {
        let cleanup = cleanup("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n# Table `nat' is incompatible, use 'nft' tool.")
        #expect(cleanup.tables.map(\.isBare) == [false])
    }

    @Test func `where nothing is ours nothing is written`() {
        let cleanup = cleanup("*filter\n:INPUT DROP [0:0]\n-A INPUT -j ACCEPT\nCOMMIT")
        #expect(cleanup.isEmpty)
        #expect(cleanup.restoreText == "")
    }
}
