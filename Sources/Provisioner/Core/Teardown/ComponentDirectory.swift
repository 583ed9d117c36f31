import Templates

/// A directory that a component fills while it runs, so that no receipt lists what lies in it.
package struct ComponentDirectory: Sendable, Hashable {
    package let path: String
    /// Whose state it is; without a baseline the directory goes only where this unit is ours.
    package let unit: String
    package let reason: String
    /// Whether `--keep-data` keeps it.
    package var isData = false

    /// All that components of this cluster may have made, deepest first where one lies in another.
    package static func all(in spec: ClusterSpec) -> [ComponentDirectory] {
        let paths = HostPaths.standard
        return [
            .init(path: paths.kubeletDirectory, unit: "kubelet.service", reason: "the kubelet's state"),
            .init(path: paths.kubeProxyDirectory, unit: "kube-proxy.service", reason: "kube-proxy's configuration"),
            .init(path: "/run/containerd", unit: "containerd.service", reason: "containerd's run-time state"),
            .init(path: "/var/lib/containerd", unit: "containerd.service", reason: "containers, images and snapshots"),
            .init(path: "/opt/containerd", unit: "containerd.service", reason: "made by containerd at its start"),
            .init(path: "/var/lib/cni", unit: "containerd.service", reason: "the pods' addresses"),
            .init(path: "/var/lib/docker", unit: "docker.service", reason: "docker's containers and images"),
            .init(path: "/run/docker", unit: "docker.service", reason: "docker's run-time state"),
            .init(path: "/etc/docker", unit: "docker.service", reason: "made by docker at its start"),
            .init(path: "/var/log/pods", unit: "kubelet.service", reason: "the pods' logs"),
            .init(path: "/var/log/containers", unit: "kubelet.service", reason: "links to the pods' logs"),
            .init(path: "/usr/libexec/kubernetes", unit: "kubelet.service", reason: "the kubelet's plugin directory"),
            .init(path: "\(spec.etcd.dataDirectory)/member", unit: "etcd.service", reason: "etcd's data", isData: true),
            .init(path: spec.etcd.dataDirectory, unit: "etcd.service", reason: "etcd's data", isData: true),
            .init(
                path: paths.auditDirectory,
                unit: "kube-apiserver.service",
                reason: "the API's audit log",
                isData: true
            ),
            .init(path: paths.haproxyRuntimeDirectory, unit: "haproxy.service", reason: "haproxy's socket"),
            .init(path: "/root/.kube/cache", unit: "", reason: "kubectl's cache"),
            .init(path: "/root/.kube/http-cache", unit: "", reason: "kubectl's cache"),
        ]
    }

    /// Directories that others use too: removed only once they are empty, and only where they were not there before.
    package static let shared = [
        "/root/.kube", "/etc/kubernetes/pki/etcd", "/etc/kubernetes/pki", "/etc/kubernetes", "/etc/cni/net.d",
        "/etc/cni", "/opt/cni/bin", "/opt/cni", "/etc/containerd/certs.d", "/etc/containerd", "/etc/haproxy",
        "/etc/keepalived", "/run/netns",
    ]
}
