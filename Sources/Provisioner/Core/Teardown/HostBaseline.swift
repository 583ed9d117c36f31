import Templates

/// What a host was before the first change, as far as components change it without a receipt: for its teardown.
package struct HostBaseline: Sendable {
    /// Kernel settings of ours, and those that the kubelet and kube-proxy set by themselves.
    static let sysctls =
        SysctlFile(hasPods: true).settings.keys.sorted() + [
            "kernel.keys.root_maxbytes", "kernel.keys.root_maxkeys", "net.ipv4.conf.all.route_localnet",
            "net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
            "net.netfilter.nf_conntrack_tcp_timeout_established",
        ]

    private let directories: [String]

    /// Without components' directories.
    package init() { directories = [] }

    package init(_ spec: ClusterSpec) {
        directories = ComponentDirectory.all(in: spec).map(\.path) + ComponentDirectory.shared
    }

    /// Writes it into the receipt, the line with machine and cluster last: a half-written one is written again.
    func script(clusterID: String) -> String {
        """
        if ! grep -qs '"action":"machine"' $S/receipt.jsonl; then
        for k in \(Self.sysctls.joined(separator: " ")); do ! v=$(sysctl -n $k 2> /dev/null) || note sysctl $k '' "$v"; done
        for k in overlay br_netfilter; do [ ! -f /proc/modules ] || grep -q "^$k " /proc/modules || note module $k '' ''; done
        tail -n +2 /proc/swaps | awk '{print $1, $NF}' | while read -r k v; do note swap "$k" '' "$v"; done
        for k in \(directories.joined(separator: " ")); do
        [ ! -d $k ] || if [ -n "$(ls -A $k | grep -v '^lost+found$')" ]; then note present dir:$k '' full; else note present dir:$k '' empty; fi; done
        nft list tables 2> /dev/null | while read -r k f v; do note present "nft:$f $v" '' ''; done
        [ ! -e /sys/class/net/cni0 ] || note present link:cni0 '' ''
        note machine "$(cat /etc/machine-id)" '' \(clusterID)
        fi
        """
    }
}
