import Templates

extension CatalogCertificate {
    /// What it is, without its host: `apiserver`, `kubelet-client`.
    package var role: String { identifier.split(separator: "@").first.map(String.init) ?? identifier }

    /// Names and addresses that it must hold, as openssl writes them.
    package var expectedNames: [String] { subject.dnsNames.map { "DNS:\($0)" } + subject.addresses.map { "IP:\($0)" } }

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
