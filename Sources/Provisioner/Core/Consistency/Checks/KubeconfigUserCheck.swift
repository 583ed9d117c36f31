import PKI

/// The user that a component's kubeconfig names is the one in its certificate.
///
/// The API server believes the certificate; the kubeconfig's name is what people read. Kubelets have a check of their own.
struct KubeconfigUserCheck: ConsistencyCheck {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        cluster.hosts.flatMap { host -> [ConsistencyViolation] in
            let kubelet = host.unit("kubelet.service")?.flag("kubeconfig")
            return host.kubeconfigs.filter { $0.path != kubelet }.compactMap { violation($0, host) }
        }
    }

    private func violation(_ file: KubeconfigText, _ host: RenderedHost) -> ConsistencyViolation? {
        guard let path = file.clientCertificate, let facts = host.certificate(path), facts.commonName != file.user
        else { return nil }
        return ConsistencyViolation(
            .kubeconfigUser,
            host.place(file.path),
            [
                Finding(host.place("\(file.path) user"), file.user),
                Finding(host.place("\(path) CN"), facts.commonName),
            ],
            remedy: "let the kubeconfig name the certificate of its own user"
        )
    }
}
