import Templates

/// Ways to the API, and routes to pods.
extension Rendering {
    /// One route to a worker's pods.
    struct Route {
        var destination: CIDR
        var gateway: IPv4Address
        var node: String
    }

    func controllerManagerKubeconfig(_ host: HostSpec) -> RenderedFile {
        byFiles(
            paths.controllerManagerKubeconfig,
            "system:kube-controller-manager",
            paths.controllerManagerClient,
            local
        )
    }

    func schedulerKubeconfig(_ host: HostSpec) -> RenderedFile {
        byFiles(paths.schedulerKubeconfig, "system:kube-scheduler", paths.schedulerClient, local)
    }

    func kubeletKubeconfig(_ host: HostSpec) -> RenderedFile {
        byFiles(paths.kubeletKubeconfig, "system:node:\(host.nodeName)", paths.kubeletClient, spec.apiURL)
    }

    func kubeProxyKubeconfig(_ host: HostSpec) -> RenderedFile {
        byFiles(paths.kubeProxyKubeconfig, "system:kube-proxy", paths.kubeProxyClient, spec.apiURL)
    }

    /// A controller's own API server: no component of the control plane waits for the load balancer.
    var local: String { "https://127.0.0.1:6443" }

    private func byFiles(_ path: String, _ user: String, _ client: KeyPairPaths, _ server: String) -> RenderedFile {
        Kubeconfig(
            path: path,
            clusterName: spec.name,
            server: server,
            userName: user,
            credentials: .files(certificateAuthority: paths.clusterCA, client: client)
        ).rendered()
    }

    func adminKubeconfig(server: String) -> RenderedFile {
        embedded("admin", path: paths.adminKubeconfig, user: "kubernetes-admin", server: server)
    }

    func clientKubeconfig() -> RenderedFile {
        embedded("admin", path: "/root/.kube/config", user: "kubernetes-admin", server: spec.apiURL)
    }

    func breakGlassKubeconfig(server: String) -> RenderedFile {
        embedded("break-glass", path: "/run/provision/bootstrap.conf", user: "kubernetes-super-admin", server: server)
    }

    private func embedded(
        _ leaf: String,
        path: String,
        user: String,
        server: String
    ) -> RenderedFile {
        let pair = materials.leaves[leaf]
        return Kubeconfig(
            path: path,
            clusterName: spec.name,
            server: server,
            userName: user,
            contextName: spec.name,
            credentials: .embedded(
                certificateAuthority: String(decoding: materials.authorities["kubernetes-ca"] ?? [], as: UTF8.self),
                certificate: String(decoding: pair?.certificate ?? [], as: UTF8.self),
                key: Secret(String(decoding: pair?.key.reveal() ?? [], as: UTF8.self))
            )
        ).rendered()
    }

    /// Routes that this host needs: workers among each other, and controllers, which call webhooks and aggregated APIs in pods.
    func routes(from host: HostSpec) -> [Route] {
        guard host.has(.worker) || host.has(.controller) else { return [] }
        return spec.hosts(.worker).filter { $0.name != host.name }.compactMap { worker in
            worker.podCIDR.map { Route(destination: $0, gateway: worker.internalAddress, node: worker.nodeName) }
        }
    }

    func routesUnit(_ host: HostSpec) -> RenderedFile {
        PodRoutesUnit(routes: routes(from: host).map { .init(destination: $0.destination, gateway: $0.gateway) })
            .rendered()
    }
}
