import ProvisionCore
import Templates

extension Slip {
    private static let units = "/etc/systemd/system/"
    private static let pki = "/etc/kubernetes/pki/"

    static let members: [Slip] = [
        .init(
            "haproxy lacks a controller",
            ["loadbalancer.backends lb-0"],
            "lb-0",
            "/etc/haproxy/haproxy.cfg",
            "    server controller-1 192.168.2.3:6443\n",
            ""
        ),
        .init(
            "one of two load balancers listens elsewhere",
            sample: "ha-two-load-balancers.yaml",
            ["loadbalancer.backends lb-1"],
            "lb-1",
            "/etc/haproxy/haproxy.cfg",
            "bind *:6443",
            "bind *:8443"
        ),
        .init(
            "an etcd member knows another address of a member",
            ["etcd.initial-cluster controller-2"],
            "controller-2",
            "/etc/kubernetes/etcd-bootstrap.env",
            "controller-0=https://192.168.2.2:2380",
            "controller-0=https://192.168.2.22:2380"
        ),
        .init(
            "an etcd member has another token",
            sample: "external-etcd.yaml",
            ["etcd.initial-cluster etcd-1"],
            "etcd-1",
            units + "etcd.service",
            "--initial-cluster-token=external-etcd",
            "--initial-cluster-token=other"
        ),
        .init(
            "an API server lacks an etcd member",
            ["etcd.servers controller-1"],
            "controller-1",
            units + "kube-apiserver.service",
            ",https://192.168.2.4:2379",
            ""
        ),
        .init("an etcd member has another one's certificate", ["etcd.names controller-0"]) {
            $0.copying(("controller-1", pki + "etcd/peer.crt"), to: "controller-0", pki + "etcd/peer.crt")
        },
        .init("an API server shows kubelets a certificate of etcd's authority", ["trust.issuer controller-0"]) {
            $0.copying(
                ("controller-0", pki + "etcd/healthcheck-client.crt"),
                to: "controller-0",
                pki + "apiserver-kubelet-client.crt"
            )
        },
        .init("an API server trusts etcd's authority for aggregation", ["trust.issuer controller-1"]) {
            $0.copying(("controller-1", pki + "etcd/ca.crt"), to: "controller-1", pki + "front-proxy-ca.crt")
        },
        .init("a kubelet trusts etcd's authority for its clients", ["trust.issuer worker-2"]) {
            $0.copying(("controller-1", pki + "etcd/ca.crt"), to: "worker-2", pki + "ca.crt")
        },
    ]

    static let paths: [Slip] = [
        .init("a key is left out", ["path.missing controller-0"]) {
            $0.dropping("controller-0", "file:\(pki)apiserver-etcd-client.key")
        },
        .init("a file that a kubeconfig names is left out", ["path.missing worker-1"]) {
            $0.dropping("worker-1", "file:/var/lib/kubelet/pki/kubelet-client.key")
        },
        .init("the health checks of haproxy have no certificate", ["path.missing lb-0"]) {
            $0.dropping("lb-0", "file:/etc/haproxy/check.pem")
        },
        .init("haproxy is not installed", ["path.missing lb-0"]) { $0.dropping("lb-0", "package:haproxy") },
        .init("a program is left out", ["path.missing worker-2"]) {
            $0.dropping("worker-2", "binary:/usr/local/bin/kubelet")
        },
        .init("a CNI plugin is left out", ["path.missing worker-0"]) {
            $0.dropping("worker-0", "binary:/opt/cni/bin/portmap")
        },
        .init("runc is left out", ["path.missing worker-0"]) { $0.dropping("worker-0", "binary:/usr/local/bin/runc") },
        .init("etcd's data directory is left out", sample: "external-etcd.yaml", ["path.missing etcd-2"]) {
            $0.dropping("etcd-2", "directory:/var/lib/etcd")
        },
        .init(
            "a flag names a file that nothing brings",
            ["path.missing controller-1"],
            "controller-1",
            units + "kube-scheduler.service",
            "/etc/kubernetes/scheduler.yaml",
            "/etc/kubernetes/scheduler-v2.yaml"
        ),
        .init("a configuration comes after the start", ["path.late worker-0"]) {
            $0.delaying("worker-0", "file:/var/lib/kubelet/config.yaml")
        },
        .init("the user etcd is made by nothing", ["unit.user controller-0"]) {
            $0.dropping("controller-0", "user:etcd")
        },
    ]

    static let access: [Slip] = [
        .init("etcd's key belongs to root", ["path.denied controller-2"]) {
            $0.setting("controller-2", pki + "etcd/server.key", mode: 0o600)
        },
        .init("etcd's directory of certificates is shut", ["path.denied controller-1"]) {
            $0.replacing("controller-1", "directory:\(pki)etcd") { _ in
                DirectoryResource(pki + "etcd", mode: 0o700, reason: "edited")
            }
        },
        .init("etcd's data belongs to root", ["path.denied controller-0"]) {
            $0.replacing("controller-0", "directory:/var/lib/etcd") { _ in
                DirectoryResource("/var/lib/etcd", mode: 0o700, reason: "edited")
            }
        },
        .init(
            "etcd's data lies outside its sandbox",
            ["path.read-only controller-0"],
            "controller-0",
            units + "etcd.service",
            "ReadWritePaths=\"-/var/lib/etcd\"\n",
            ""
        ),
        .init(
            "root without its capabilities reads another's key",
            ["path.denied controller-0"],
            edit: {
                $0.setting("controller-0", pki + "scheduler-serving.key", mode: 0o600, owner: "nobody")
                    .editing("controller-0", units + "kube-scheduler.service", "=CAP_DAC_READ_SEARCH", "=")
            }
        ),
    ]

    static let pods: [Slip] = [
        .init(
            "the CNI configuration has another network than the node",
            ["pods.network worker-1", "routes.missing worker-0", "routes.missing worker-2", "routes.wrong worker-0"]
                + ["routes.wrong worker-2"] + controllers("routes.missing") + controllers("routes.wrong"),
            "worker-1",
            "/etc/cni/net.d/10-bridge.conflist",
            "10.200.1.0/24",
            "10.200.9.0/24"
        ),
        .init(
            "the Node object has another network",
            ["pods.network controller-0"],
            "controller-0",
            "/etc/provision/manifests/nodes.yaml",
            "podCIDR: \"10.200.2.0/24\"",
            "podCIDR: \"10.200.3.0/24\""
        ),
        .init("a kernel route is left out", ["routes.missing worker-0"]) {
            $0.dropping("worker-0", "route:10.200.2.0/24")
        },
        .init("a controller has no routes at boot", ["routes.missing controller-1"]) {
            $0.dropping("controller-1", "file:\(units)provision-routes.service")
        },
        .init(
            "a route at boot goes to another host",
            ["routes.wrong worker-1"],
            "worker-1",
            units + "provision-routes.service",
            "sh 10.200.0.0/24 192.168.2.5",
            "sh 10.200.0.0/24 192.168.2.7"
        ),
        .init(
            "a route at boot is not marked as ours",
            ["routes.wrong worker-1"],
            "worker-1",
            units + "provision-routes.service",
            "192.168.2.5 86",
            "192.168.2.5 4"
        ),
        .init(
            "a worker routes its own pods away",
            ["routes.wrong worker-2"],
            "worker-2",
            units + "provision-routes.service",
            "[Service]\n",
            "[Service]\nExecStart=/bin/sh -c x sh 10.200.2.0/24 192.168.2.7 86\n"
        ),
    ]

    private static func controllers(_ code: String) -> [String] { ((0..<3).map { "\(code) controller-\($0)" }) }
}
