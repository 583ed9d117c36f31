/// keepalived.conf: one virtual address between load balancers, VRRP by unicast.
package struct KeepalivedConfig: Sendable {
    package var interface: String
    package var address: IPv4Address
    package var peers: [IPv4Address]
    package var virtualAddress: IPv4Address
    package var prefixLength = 24
    /// 1 to 255, equal on all load balancers of one cluster and unique on the network.
    package var routerID: UInt8
    /// The highest living one holds the address.
    package var priority: UInt8
    package var paths: HostPaths

    package init(
        interface: String,
        address: IPv4Address,
        peers: [IPv4Address],
        virtualAddress: IPv4Address,
        routerID: UInt8,
        priority: UInt8,
        paths: HostPaths = .standard
    ) {
        self.interface = interface
        self.address = address
        self.peers = peers
        self.virtualAddress = virtualAddress
        self.routerID = routerID
        self.priority = priority
        self.paths = paths
    }

    private var lines: [String] {
        [
            "global_defs {",
            "    enable_script_security",
            "    script_user root",
            "}",
            "",
            "vrrp_script haproxy {",
            // A load balancer without its haproxy must give the address away.
            "    script \"/usr/bin/systemctl is-active --quiet haproxy.service\"",
            "    interval 1",
            "    fall 2",
            "    rise 2",
            "}",
            "",
            "vrrp_instance kubernetes_api {",
            "    state BACKUP",
            "    interface \(interface)",
            "    virtual_router_id \(routerID)",
            "    priority \(priority)",
            "    advert_int 1",
            "    unicast_src_ip \(address)",
            "    unicast_peer {",
        ] + peers.map { "        \($0)" } + [
            "    }",
            "    virtual_ipaddress {",
            "        \(virtualAddress)/\(prefixLength)",
            "    }",
            "    track_script {",
            "        haproxy",
            "    }",
            "}",
        ]
    }

    package func rendered() -> RenderedFile {
        RenderedFile(
            path: paths.keepalivedConfig,
            text: lines.joined(separator: "\n") + "\n",
            mode: 0o600,
            secrecy: .open
        )
    }
}
