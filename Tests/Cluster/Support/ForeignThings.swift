/// What others have on a host of the cluster: each must be there, unchanged, after a teardown.
struct ForeignThings: Sendable {
    var host: String
    var place: String
    /// Prints `whole` when everything is as it was placed.
    var check: String
    /// Takes away what would keep the cluster's own in place; no more than that, or it would hide what a teardown forgets.
    var remove: String

    /// On a worker: rules, a route, CNI files, and mounts below the kubelet's directory.
    static let worker = ForeignThings(
        host: "worker-0",
        place: """
            set -e; iptables -N FOREIGN; iptables -A FOREIGN -p tcp --dport 9 -j DROP; iptables -I INPUT -j FOREIGN
            iptables -t nat -N CNI-foreign; iptables -t nat -A CNI-foreign -s 10.99.0.2/32 -m comment --comment 'name: "other" id: "x"' -j ACCEPT
            iptables -t nat -A POSTROUTING -s 10.99.0.2/32 -m comment --comment 'name: "other" id: "x"' -j CNI-foreign
            ip route add 10.99.0.0/24 via $(ip -4 route show default | cut -d' ' -f3)
            echo foreign > /etc/cni/net.d/87-other.conflist; echo foreign > /opt/cni/bin/other
            d=/var/lib/kubelet/pods/x; mkdir -p $d/tmpfs $d/bind /srv/foreign /srv/target
            mount -t tmpfs tmpfs $d/tmpfs; echo canary > $d/tmpfs/canary
            echo canary > /srv/foreign/canary; mount --bind /srv/foreign $d/bind
            echo canary > /srv/target/canary; ln -s /srv/target /var/lib/kubelet/way-out; echo placed
            """,
        check: """
            set -e; iptables -C INPUT -j FOREIGN; iptables -C FOREIGN -p tcp --dport 9 -j DROP
            iptables -t nat -C POSTROUTING -s 10.99.0.2/32 -m comment --comment 'name: "other" id: "x"' -j CNI-foreign
            ip route show 10.99.0.0/24 | grep -q via; grep -qx foreign /etc/cni/net.d/87-other.conflist /opt/cni/bin/other
            d=/var/lib/kubelet/pods/x; mountpoint -q $d/tmpfs; mountpoint -q $d/bind
            grep -qx canary $d/tmpfs/canary; grep -qx canary $d/bind/canary; grep -qx canary /srv/target/canary
            [ -L /var/lib/kubelet/way-out ]; echo whole
            """,
        remove: """
            set -e; iptables -D INPUT -j FOREIGN; iptables -F FOREIGN; iptables -X FOREIGN
            iptables -t nat -D POSTROUTING -s 10.99.0.2/32 -m comment --comment 'name: "other" id: "x"' -j CNI-foreign
            iptables -t nat -F CNI-foreign; iptables -t nat -X CNI-foreign; ip route del 10.99.0.0/24
            rm /etc/cni/net.d/87-other.conflist /opt/cni/bin/other
            umount /var/lib/kubelet/pods/x/tmpfs /var/lib/kubelet/pods/x/bind; echo removed
            """
    )

    /// On the load balancer: a user's file beside ours.
    static let loadBalancer = ForeignThings(
        host: "lb-0",
        place: "echo theirs > /etc/haproxy/theirs.cfg; echo placed",
        check: "grep -qx theirs /etc/haproxy/theirs.cfg && echo whole",
        remove: "rm /etc/haproxy/theirs.cfg; echo removed"
    )

    static let all = [worker, loadBalancer]
}
