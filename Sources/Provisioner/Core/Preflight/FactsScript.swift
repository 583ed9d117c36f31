import Templates

/// The read-only script that gathers a host's facts.
package enum FactsScript {
    /// What the tool's scripts and the components call on a host.
    package static let tools = [
        "systemctl", "curl", "ip", "sha256sum", "stat", "flock", "useradd", "awk", "sed", "base64", "mktemp",
    ]
    package static let workerTools = ["iptables", "conntrack", "mount", "modprobe"]
    /// What kube-proxy calls in its nftables mode.
    static let packetFilter = "nft"

    /// The clock comes first, since it is held against the moment at which the script was sent.
    private static let identity = """
        LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH
        echo "clock $(date +%s%3N)"; echo "machine-id $(cat /etc/machine-id 2> /dev/null)"
        echo "product-uuid $(cat /sys/class/dmi/id/product_uuid 2> /dev/null)"
        """

    /// Only what new hosts are compared with.
    package static let comparison = "\(identity)\necho 'facts complete'"

    /// One line per fact: `key value`.
    ///
    /// - Parameters:
    ///   - host: The host that is asked.
    ///   - spec: The cluster that it is, or will be, part of.
    ///   - peers: `ADDRESS:PORT` of others that it must reach; refused counts as reached.
    /// - Returns: POSIX sh.
    package static func text(for host: HostSpec, in spec: ClusterSpec, peers: [String]) -> String {
        let isFiltered = host.has(.worker) && spec.features.proxyMode == .nftables
        let more = NeededPackages(of: host, in: spec).tools + (isFiltered ? [packetFilter] : [])
        let tools = (tools + (host.has(.worker) ? workerTools : []) + more).joined(separator: " ")
        return """
            \(identity)
            echo "uid $(id -u)"; echo "login ${SUDO_USER:-$(id -un)}"; echo "hostname $(hostname)"
            . /etc/os-release 2> /dev/null; echo "os $ID ${VERSION_ID:-}"; echo "kernel $(uname -r)"; echo "arch $(uname -m)"
            echo "cgroup $(stat -fc %T /sys/fs/cgroup)"; awk '/^MemTotal/{print "memory", int($2/1024)}' /proc/meminfo
            echo "disk $(df -Pm /var/lib | awk 'NR==2{print $4}')"; df -Pi /var/lib | awk 'NR==2 && $2 > 0 {print "inodes", $4}'
            echo "selinux $(getenforce 2> /dev/null)"
            [ -w /usr/local ] && [ -w /etc ] || echo "readonly /usr/local or /etc"
            echo "swap $(tail -n +2 /proc/swaps | wc -l)"; echo "systemd $(systemctl --version | awk 'NR==1{print $2}')"
            echo "system $(systemctl is-system-running 2> /dev/null)"; cat /etc/provision/cluster 2> /dev/null | sed 's/^/marker /'
            ip -4 -o addr | awk '{sub(/\\/.*/, "", $4); print "address", $4, $2}'
            ss -ltnpH 2> /dev/null | awk '{print "listen", $4, $6}'
            for t in \(tools); do command -v $t > /dev/null || echo "missing $t"; done
            for p in \(spec.etcd.foreignData.joined(separator: " ")) /etc/kubernetes/manifests /etc/kubernetes/pki \
            /var/lib/kubelet/config.yaml /etc/rancher /var/lib/rancher /var/lib/k0s /etc/cni/net.d/10-flannel.conflist; do
            [ -e $p ] && echo "leftover $p"; done
            \(isFiltered ? filterVersion : "")
            \(lostSettings(host))
            \(reachAll(peers))
            \(host.has(.etcd) ? disk(of: spec.etcd.dataDirectory) : "")
            echo "facts complete"
            """
    }

    /// `nftables v1.0.6 (Lester Gooch #5)`.
    private static let filterVersion =
        "command -v \(packetFilter) > /dev/null && \(packetFilter) --version | awk 'NR==1{print \"\(packetFilter)\", $2}'"

    private static func lostSettings(_ host: HostSpec) -> String {
        guard host.has(.controller) || host.has(.worker) else { return "" }
        return "\(SysctlOrder(SysctlFile(hasPods: host.has(.worker))).script) | sed 's/^/lost /'"
    }

    /// A hundred at a time: a load balancer asks for every service at every worker, and each question is a process.
    private static func reachAll(_ peers: [String]) -> String {
        stride(from: 0, to: peers.count, by: 100).map { first in
            (peers[first..<min(first + 100, peers.count)].map(reach) + ["wait"]).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// Whether a packet comes through.
    ///
    /// It does not where nobody took the connection (28), a firewall refused it (7 in other words than "refused"), or nobody
    /// knows the name (6). A founder of etcd takes a connection and is silent.
    private static func reach(_ peer: String) -> String {
        let ask =
            "r=$(curl -sv -o /dev/null --connect-timeout 2 -m 3 -w ' connect=%{time_connect}' http://\(peer)/ 2>&1)"
        return """
            { \(ask); b="echo blocked \(peer)"
            case $? in 6) $b;; 7) case $r in *refused*) ;; *) $b;; esac;;
            28) case $r in *connect=0.000000|*connect=0.000) $b;; esac;; esac; } &
            """
    }

    /// The room for etcd's data, and twenty synced writes of 2 kB, as its log does them; milliseconds for one.
    ///
    /// Before the first apply the directory is not there: its nearest parent lies on the disk where it will be.
    private static func disk(of directory: String) -> String {
        """
        d=\(directory); until [ -d "$d" ]; do d=${d%/*}; d=${d:-/}; done
        echo "etcd-disk $(df -Pm "$d" | awk 'NR==2{print $4}')"; f=$d/.provision-fsync.$$; s=$(date +%s%3N)
        dd if=/dev/zero of="$f" bs=2k count=20 oflag=dsync 2> /dev/null && echo "fsync $((($(date +%s%3N) - s) / 20))"
        rm -f "$f"
        """
    }
}
