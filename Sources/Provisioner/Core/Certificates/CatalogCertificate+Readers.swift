import Templates

extension CatalogCertificate {
    /// What it is, without its host: `apiserver`, `kubelet-client`.
    package var role: String { identifier.split(separator: "@").first.map(String.init) ?? identifier }

    /// Names and addresses that it must hold, as openssl writes them.
    package var expectedNames: [String] { subject.dnsNames.map { "DNS:\($0)" } + subject.addresses.map { "IP:\($0)" } }

    /// Units that read it when they start or reload, and never again: their processes may show what lies on no disk any more.
    ///
    /// All others look at the files of a client's pair again. Who has a kubeconfig that names files does so every five
    /// minutes, and ends its connections where they changed (client-go since Kubernetes 1.18, kubernetes pull request 79083).
    /// API servers read their pairs for kubelets and for etcd at each new connection, the front proxy's as it changes, and
    /// members of etcd theirs at each handshake. haproxy reads the pair of its checks with its configuration.
    package var readersOnce: [String] { role == "haproxy-check" ? consumers : [] }

    /// Kubeconfigs that hold it or name its files; people's own copies of the admin's are known to nobody.
    package var kubeconfigs: [String] {
        let paths = HostPaths.standard
        return switch role {
        case "controller-manager": [paths.controllerManagerKubeconfig]
        case "scheduler": [paths.schedulerKubeconfig]
        case "kubelet-client": [paths.kubeletKubeconfig]
        case "kube-proxy": [paths.kubeProxyKubeconfig]
        case "admin": [paths.adminKubeconfig]
        default: []
        }
    }
}
