/// The read-only script that gathers a host's facts.
package enum FactsScript {
    /// What the tool's scripts and the components call on a host.
    package static let tools = [
        "systemctl", "curl", "ip", "sha256sum", "stat", "flock", "useradd", "awk", "sed", "base64", "mktemp",
    ]
    package static let workerTools = ["iptables", "conntrack", "mount", "modprobe"]

    /// One line per fact: `key value`.
    ///
    /// - Parameters:
    ///   - host: The host that is asked.
    ///   - peers: `ADDRESS:PORT` of other hosts that it must reach; refused counts as reached.
    /// - Returns: POSIX sh.
    package static func text(for host: HostSpec, peers: [String]) -> String {
        let tools = (tools + (host.has(.worker) ? workerTools : [])).joined(separator: " ")
        return """
            LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH
            echo "clock $(date +%s%3N)"; echo "uid $(id -u)"; echo "machine-id $(cat /etc/machine-id 2> /dev/null)"
            echo "product-uuid $(cat /sys/class/dmi/id/product_uuid 2> /dev/null)"; echo "hostname $(hostname)"
            . /etc/os-release 2> /dev/null; echo "os $ID ${VERSION_ID:-}"; echo "kernel $(uname -r)"; echo "arch $(uname -m)"
            echo "cgroup $(stat -fc %T /sys/fs/cgroup)"; awk '/^MemTotal/{print "memory", int($2/1024)}' /proc/meminfo
            echo "disk $(df -Pm /var/lib | awk 'NR==2{print $4}')"; echo "inodes $(df -Pi /var/lib | awk 'NR==2{print $4}')"
            [ -w /usr/local ] && [ -w /etc ] || echo "readonly /usr/local or /etc"
            echo "swap $(tail -n +2 /proc/swaps | wc -l)"; echo "systemd $(systemctl --version | awk 'NR==1{print $2}')"
            echo "system $(systemctl is-system-running 2> /dev/null)"; cat /etc/provision/cluster 2> /dev/null | sed 's/^/marker /'
            ip -4 -o addr | awk '{sub(/\\/.*/, "", $4); print "address", $4, $2}'
            ss -ltnpH 2> /dev/null | awk '{print "listen", $4, $6}'
            for t in \(tools); do command -v $t > /dev/null || echo "missing $t"; done
            for p in /etc/kubernetes/manifests /etc/kubernetes/pki /var/lib/etcd/member /var/lib/kubelet/config.yaml /etc/rancher \
            /var/lib/rancher /var/lib/k0s /etc/cni/net.d/10-flannel.conflist; do [ -e $p ] && echo "leftover $p"; done
            \(peers.map(reach).joined(separator: "\n"))
            wait
            \(host.has(.etcd) ? fsync : "")
            echo "facts complete"
            """
    }

    /// Nobody answered (28), or a firewall did (7 in other words than "refused"); any other end means that the packet came
    /// through.
    private static func reach(_ peer: String) -> String {
        let ask = "r=$(curl -sv -o /dev/null --connect-timeout 2 -m 3 http://\(peer)/ 2>&1)"
        return
            "{ \(ask); case $? in 28) echo 'blocked \(peer)';; 7) case $r in *refused*) ;; *) echo 'blocked \(peer)';; esac;; esac; } &"
    }

    /// Twenty synced writes of 2 kB, as etcd's log does them; milliseconds for one.
    private static let fsync = """
        f=/var/lib/.provision-fsync.$$; s=$(date +%s%3N)
        dd if=/dev/zero of=$f bs=2k count=20 oflag=dsync 2> /dev/null && echo "fsync $((($(date +%s%3N) - s) / 20))"; rm -f $f
        """
}
