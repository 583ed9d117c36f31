/// What others have on hosts before the cluster comes: the pictures before and after it must both hold it.
enum EarlierThings {
    /// Replaced or changed by `apply`, and back after the teardown; or in places that components use, and left alone.
    static let all: [(host: String, place: String)] = [
        (
            "lb-0",
            """
            mkdir -p /etc/haproxy; echo '# theirs' > /etc/haproxy/haproxy.cfg; chmod 640 /etc/haproxy/haproxy.cfg
            echo '# theirs' > /etc/haproxy/earlier.cfg
            """
        ),
        ("worker-0", swap + network),
        ("controller-0", "mkdir -m 755 /var/lib/etcd /root/.kube; echo theirs > /root/.kube/notes"),
    ]

    private static let swap = """
        set -e; echo theirs > /etc/crictl.yaml; mkdir -m 755 /var/lib/kubelet
        echo '/swapfile none swap sw 0 0' >> /etc/fstab

        """

    /// Rules and a route by a unit, since machines boot anew on the way; another network's files come after ours by name.
    private static let network = """
        mkdir -p /etc/cni/net.d /opt/cni/bin; echo theirs > /opt/cni/bin/theirs; cd /etc/cni/net.d
        echo '{"cniVersion":"0.4.0","name":"theirs","plugins":[{"type":"loopback"}]}' > 87-theirs.conflist
        cat > /usr/local/sbin/theirs <<'S'
        #!/bin/sh
        set -e
        nft delete table inet theirs 2> /dev/null || true
        nft add table inet theirs
        nft 'add chain inet theirs input { type filter hook input priority 10 ; policy accept ; }'
        nft add rule inet theirs input tcp dport 9 drop
        iptables -N THEIRS 2> /dev/null || iptables -F THEIRS
        iptables -A THEIRS -p tcp --dport 9 -j DROP
        for c in INPUT FORWARD OUTPUT; do
        iptables -C $c -s 192.0.2.1 -j THEIRS 2> /dev/null || iptables -A $c -s 192.0.2.1 -j THEIRS; done
        ip route replace 10.98.0.0/24 via $(ip -4 route show default | cut -d' ' -f3)
        S
        chmod 755 /usr/local/sbin/theirs
        cat > /etc/systemd/system/theirs.service <<'U'
        [Unit]
        Description=Rules and a route of somebody else
        After=network.target
        [Service]
        Type=oneshot
        RemainAfterExit=yes
        Restart=on-failure
        RestartSec=1
        ExecStart=/usr/local/sbin/theirs
        [Install]
        WantedBy=multi-user.target
        U
        systemctl daemon-reload; systemctl -q enable --now theirs.service
        """
}
