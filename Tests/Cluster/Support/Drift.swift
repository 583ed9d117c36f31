/// One thing that somebody changed by hand, what `plan` must name, and what `apply` may restart.
struct Drift: Sendable {
    var host: String
    var command: String
    /// `HOST ID`.
    var pending: [String]
    /// `HOST ACTION UNIT`.
    var restarts: [String] = []

    init(_ host: String, _ command: String, pending ids: [String], restarts: [String] = []) {
        self.host = host
        self.command = command
        pending = ids.map { "\(host) \($0)" }
        self.restarts = restarts.map { "\(host) \($0)" }
    }

    static let all = [
        // The process still runs what its unit said before: only systemd must read the file again.
        Drift(
            "controller-1",
            "sed -i 's/--profiling=false/--profiling=true/' /etc/systemd/system/kube-controller-manager.service",
            pending: [
                "file:/etc/systemd/system/kube-controller-manager.service", "service:kube-controller-manager.service",
            ]
        ),
        Drift("worker-1", "ip route del 10.200.2.0/24", pending: ["route:10.200.2.0/24"]),
        Drift(
            "worker-2",
            "chmod 644 /var/lib/kubelet/pki/kubelet.key",
            pending: ["file:/var/lib/kubelet/pki/kubelet.key"]
        ),
        Drift(
            "worker-0",
            "systemctl stop kube-proxy",
            pending: ["service:kube-proxy.service", "health:kube-proxy"],
            restarts: ["start kube-proxy.service"]
        ),
        // The process runs the file that was unlinked.
        Drift(
            "controller-2",
            "cp /usr/local/bin/kubectl /usr/local/bin/new && mv /usr/local/bin/new /usr/local/bin/kube-scheduler",
            pending: ["binary:/usr/local/bin/kube-scheduler"]
        ),
        // Somebody may have reloaded it: a reload drops nothing, so it is made sure of.
        Drift(
            "lb-0",
            "sed -i 's/inter 2s/inter 9s/' /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
            pending: ["file:/etc/haproxy/haproxy.cfg", "service:haproxy.service", "health:loadbalancer"],
            restarts: ["reload haproxy.service"]
        ),
        Drift(
            "controller-0",
            "rm /etc/sysctl.d/99-provision-kubernetes.conf",
            pending: ["file:/etc/sysctl.d/99-provision-kubernetes.conf"]
        ),
    ]
}
