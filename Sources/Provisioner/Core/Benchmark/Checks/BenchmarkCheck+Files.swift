import Templates

/// Sections 1.1 and 4.1: who may read what lies on hosts.
extension BenchmarkCheck {
    private static let paths = HostPaths.standard

    static let files = groups.flatMap { $0 }

    private static let groups: [[BenchmarkCheck]] = [
        pair(("1.1.1", "1.1.2"), "API server's unit", .automated) { $0.unitPath("kube-apiserver") },
        pair(("1.1.3", "1.1.4"), "controller manager's unit", .automated) { $0.unitPath("kube-controller-manager") },
        pair(("1.1.5", "1.1.6"), "scheduler's unit", .automated) { $0.unitPath("kube-scheduler") },
        pair(("1.1.7", "1.1.8"), "etcd's unit", .automated) { $0.unitPath("etcd") },
        pair(("1.1.9", "1.1.10"), "CNI configuration", .manual) { host in
            host.paths(in: paths.cniConfigDirectory).filter { host.files[$0] != nil }
        },
        pair(("1.1.11", "1.1.12"), "etcd's data", .automated, mode: 0o700, owner: "etcd:etcd") {
            $0.flaggedPath("etcd", "data-dir")
        },
        pair(("1.1.13", "1.1.14"), "administrator's kubeconfig", .automated) { host in
            host.files[paths.adminKubeconfig] == nil ? [] : [paths.adminKubeconfig]
        },
        pair(("1.1.15", "1.1.16"), "scheduler's kubeconfig", .automated) {
            $0.flaggedPath("kube-scheduler", "authentication-kubeconfig")
        },
        pair(("1.1.17", "1.1.18"), "controller manager's kubeconfig", .automated) {
            $0.flaggedPath("kube-controller-manager", "kubeconfig")
        },
        [
            pkiOwner,
            mode("1.1.20", "certificates", .manual, 0o644) { host in
                host.paths(in: paths.pkiDirectory).filter { $0.hasSuffix(".crt") }
            },
            mode("1.1.21", "private keys", .manual, 0o600) { host in
                host.paths(in: paths.pkiDirectory).filter { $0.hasSuffix(".key") }
            },
        ],
    ]

    static let nodeFiles = nodeGroups.flatMap { $0 }

    private static let nodeGroups: [[BenchmarkCheck]] = [
        pair(("4.1.1", "4.1.2"), "kubelet's unit", .automated) { $0.unitPath("kubelet") },
        pair(("4.1.3", "4.1.4"), "kube-proxy's kubeconfig", .manual) {
            $0.fieldPath("kube-proxy", "clientConnection.kubeconfig")
        },
        pair(("4.1.5", "4.1.6"), "kubelet's kubeconfig", .automated) { $0.flaggedPath("kubelet", "kubeconfig") },
        pair(("4.1.7", "4.1.8"), "authority of the kubelet's clients", .manual, mode: 0o644) {
            $0.fieldPath("kubelet", "authentication.x509.clientCAFile")
        },
        pair(("4.1.9", "4.1.10"), "kubelet's configuration", .automated) { $0.flaggedPath("kubelet", "config") },
    ]

    /// The one exception: what etcd reads is its own, since it does not run as root.
    private static let pkiOwner = BenchmarkCheck(
        id: "1.1.19",
        title: "certificates, keys and their directories: owner root:root",
        kind: .automated,
        subject: .host({ host in
            let entries = host.paths(in: paths.pkiDirectory).compactMap { host.entry($0) }
            guard !entries.isEmpty else { return nil }
            let foreign = entries.filter { $0.owner != "root:root" }
            let isEtcds = { (entry: RenderedEntry) in
                entry.owner == "etcd:etcd" && entry.path.hasPrefix("\(paths.etcdPKIDirectory)/")
            }
            if let other = foreign.first(where: { !isEtcds($0) }) {
                return .unmet("\(other.path) belongs to \(other.owner), must be root:root")
            }
            guard !foreign.isEmpty else { return .met }
            return .open(
                "etcd's two pairs in \(paths.etcdPKIDirectory) are etcd's, which does not run as root (1.1.12)"
            )
        })
    )
}
