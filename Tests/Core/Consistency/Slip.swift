import ProvisionCore
import Testing

/// One slip in a plan, and everything that must be found about it: `code host`, and no more.
struct Slip: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var sample = "lab-debian.yaml"
    let found: Set<String>
    let edit: @Sendable (Plan) -> Plan

    init(
        _ description: String,
        sample: String = "lab-debian.yaml",
        _ found: [String],
        edit: @escaping @Sendable (Plan) -> Plan
    ) {
        testDescription = description
        self.sample = sample
        self.found = Set(found)
        self.edit = edit
    }

    /// A slip in one file's text.
    init(
        _ description: String,
        sample: String = "lab-debian.yaml",
        _ found: [String],
        _ host: String,
        _ path: String,
        _ old: String,
        _ new: String
    ) {
        self.init(description, sample: sample, found) { $0.editing(host, path, old, new) }
    }
}

extension Slip {
    private static let units = "/etc/systemd/system/"
    private static let pki = "/etc/kubernetes/pki/"
    private static let kubelet = "/var/lib/kubelet/config.yaml"
    private static let manifests = "/etc/provision/manifests/"

    static let all = network + identity + members + paths + access + pods

    private static let network: [Slip] = [
        .init("an API server's certificate lacks its names", ["apiserver.names controller-1"]) {
            $0.copying(("controller-1", pki + "scheduler-serving.crt"), to: "controller-1", pki + "apiserver.crt")
        },
        .init(
            "a kubeconfig names an address that no certificate holds",
            ["apiserver.names controller-0", "apiserver.names controller-1", "apiserver.names controller-2"],
            "worker-1",
            "/etc/kubernetes/proxy.conf",
            "192.168.2.8",
            "192.168.2.88"
        ),
        .init(
            "an API server has another service network",
            ["network.service-cidr controller-1", "apiserver.names controller-1", "network.dns-outside controller-0"]
                + workers("network.dns-outside"),
            "controller-1",
            units + "kube-apiserver.service",
            "10.32.0.0/24",
            "10.33.0.0/24"
        ),
        .init(
            "a controller manager has another service network",
            ["network.service-cidr controller-2"],
            "controller-2",
            units + "kube-controller-manager.service",
            "10.32.0.0/24",
            "10.32.0.0/16"
        ),
        .init(
            "a controller manager has another pod network",
            ["network.pod-cidr controller-0"],
            "controller-0",
            units + "kube-controller-manager.service",
            "10.200.0.0/16",
            "10.201.0.0/16"
        ),
        .init(
            "kube-proxy has no pod network",
            ["network.pod-cidr worker-2"],
            "worker-2",
            "/var/lib/kube-proxy/config.yaml",
            "clusterCIDR",
            "clusterCIDRs"
        ),
        .init(
            "a kubelet gives pods another resolver",
            ["network.cluster-dns worker-0"],
            "worker-0",
            kubelet,
            "10.32.0.10",
            "10.32.0.11"
        ),
        .init(
            "the DNS service has the API's own address",
            ["network.cluster-dns controller-0", "network.dns-outside controller-0"],
            "controller-0",
            manifests + "dnsmasq.yaml",
            "10.32.0.10",
            "10.32.0.1"
        ),
        .init("there is no DNS service", ["network.cluster-dns controller-0"]) {
            $0.dropping("controller-0", "file:\(manifests)dnsmasq.yaml")
        },
        .init(
            "a kubelet has another domain",
            ["network.cluster-domain worker-1"],
            "worker-1",
            kubelet,
            "cluster.local",
            "cluster.lan"
        ),
        .init(
            "tokens are issued for another domain",
            ["network.cluster-domain controller-1"],
            "controller-1",
            units + "kube-apiserver.service",
            "default.svc.cluster.local",
            "default.svc.cluster.lan"
        ),
        .init(
            "dnsmasq serves another domain",
            ["network.cluster-domain controller-0"],
            "controller-0",
            manifests + "dnsmasq.yaml",
            "--local=/cluster.local/",
            "--local=/cluster.lan/"
        ),
        .init(
            "CoreDNS serves another domain",
            sample: "lab.yaml",
            ["network.cluster-domain controller-0"],
            "controller-0",
            manifests + "coredns.yaml",
            "kubernetes cluster.local",
            "kubernetes cluster.lan"
        ),
    ]

    private static let identity: [Slip] = [
        .init("a kubelet has another worker's certificate", ["node.identity worker-0"]) {
            $0.copying(
                ("worker-1", "/var/lib/kubelet/pki/kubelet-client.crt"),
                to: "worker-0",
                "/var/lib/kubelet/pki/kubelet-client.crt"
            )
        },
        .init("a kubelet's certificate is of no group", ["node.identity worker-0"]) {
            $0.copying(
                ("worker-0", pki + "kube-proxy.crt"),
                to: "worker-0",
                "/var/lib/kubelet/pki/kubelet-client.crt"
            )
        },
        .init("a kubelet serves with another worker's certificate", ["node.identity worker-2"]) {
            $0.copying(
                ("worker-1", "/var/lib/kubelet/pki/kubelet.crt"),
                to: "worker-2",
                "/var/lib/kubelet/pki/kubelet.crt"
            )
        },
        .init(
            "a kubelet's kubeconfig names another node",
            ["node.identity worker-0"],
            "worker-0",
            "/etc/kubernetes/kubelet.conf",
            "system:node:worker-0",
            "system:node:worker-9"
        ),
        .init(
            "a kubelet overrides the host's name",
            ["node.identity worker-1"],
            "worker-1",
            units + "kubelet.service",
            "--node-ip=",
            "--hostname-override=other --node-ip="
        ),
        .init(
            "kube-proxy goes by another name",
            ["node.identity worker-1"],
            "worker-1",
            "/var/lib/kube-proxy/config.yaml",
            "hostnameOverride: worker-1",
            "hostnameOverride: worker-2"
        ),
        .init(
            "a node is registered under another name",
            ["node.identity controller-0"],
            "controller-0",
            manifests + "nodes.yaml",
            "  name: worker-2",
            "  name: worker-x"
        ),
        .init(
            "a kubeconfig names another user than its certificate",
            ["kubeconfig.user controller-2"],
            "controller-2",
            "/etc/kubernetes/scheduler.conf",
            "system:kube-scheduler",
            "system:kube-controller-manager"
        ),
        .init(
            "a kubeconfig is no YAML",
            ["file.unreadable worker-0"],
            "worker-0",
            "/etc/kubernetes/proxy.conf",
            "kind: Config",
            "kind: [Config"
        ),
        .init("a certificate is damaged", ["file.unreadable controller-0"]) {
            $0.editing("controller-0", pki + "apiserver.crt", "-----BEGIN CERTIFICATE-----", "-----BEGIN-----")
        },
    ]

    static func workers(_ code: String) -> [String] { ((0..<3).map { "\(code) worker-\($0)" }) }
}
