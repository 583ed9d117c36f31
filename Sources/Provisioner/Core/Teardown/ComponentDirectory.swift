import Templates

/// A directory that a component fills while it runs, so that no receipt lists what lies in it.
package struct ComponentDirectory: Sendable, Hashable {
    package let path: String
    /// Whose state it is: the directory goes only where one of these units is ours; none: kubectl's.
    package let units: [String]
    package let reason: String
    /// Whether `--keep-data` keeps it.
    package var isData = false

    /// All that components of this cluster may have made, deepest first where one lies in another.
    package static func all(in spec: ClusterSpec) -> [ComponentDirectory] {
        let (paths, data) = (HostPaths.standard, spec.etcd.dataDirectory)
        // Below docker too there is a containerd, and the same CNI plugins.
        let runtimes = ContainerRuntime.allCases.map(\.serviceName)
        return [
            .init(path: paths.kubeletDirectory, units: ["kubelet.service"], reason: "the kubelet's state"),
            .init(path: paths.kubeProxyDirectory, units: ["kube-proxy.service"], reason: "kube-proxy's configuration"),
            .init(path: "/run/containerd", units: runtimes, reason: "containerd's run-time state"),
            .init(path: "/var/lib/containerd", units: runtimes, reason: "containers, images and snapshots"),
            .init(path: "/opt/containerd", units: runtimes, reason: "made by containerd at its start"),
            .init(path: "/var/lib/cni", units: runtimes, reason: "the pods' addresses"),
            .init(path: "/var/lib/docker", units: ["docker.service"], reason: "docker's containers and images"),
            .init(path: "/run/docker", units: ["docker.service"], reason: "docker's run-time state"),
            .init(path: "/var/lib/dockershim", units: ["docker.service"], reason: "the sandboxes' check points"),
            .init(path: "/etc/docker", units: ["docker.service"], reason: "made by docker at its start"),
            .init(path: "/var/log/pods", units: ["kubelet.service"], reason: "the pods' logs"),
            .init(path: "/var/log/containers", units: ["kubelet.service"], reason: "links to the pods' logs"),
            .init(
                path: "/usr/libexec/kubernetes",
                units: ["kubelet.service"],
                reason: "the kubelet's plugin directory"
            ),
            .init(path: "\(data)/member", units: ["etcd.service"], reason: "etcd's data", isData: true),
            .init(path: data, units: ["etcd.service"], reason: "etcd's data", isData: true),
            .init(
                path: paths.auditDirectory,
                units: ["kube-apiserver.service"],
                reason: "the API's audit log",
                isData: true
            ),
            .init(path: paths.haproxyRuntimeDirectory, units: ["haproxy.service"], reason: "haproxy's socket"),
            .init(path: "/root/.kube/cache", units: [], reason: "kubectl's cache"),
            .init(path: "/root/.kube/http-cache", units: [], reason: "kubectl's cache"),
        ]
    }

    /// What dockerd leaves beside its directories when it is killed, and the kubelet's dockershim in any case.
    package static let dockerFiles = ["/run/docker.sock", "/run/docker.pid", "/run/dockershim.sock"]

    /// Directories that others use too: removed only once they are empty, and only where they were not there before.
    package static let shared = [
        "/root/.kube", "/etc/kubernetes/pki/etcd", "/etc/kubernetes/pki", "/etc/kubernetes", "/etc/cni/net.d",
        "/etc/cni", "/opt/cni/bin", "/opt/cni", "/etc/containerd/certs.d", "/etc/containerd", "/etc/haproxy",
        "/etc/keepalived", "/run/netns",
    ]
}
