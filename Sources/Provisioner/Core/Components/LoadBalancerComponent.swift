import Templates

/// haproxy in TCP passthrough before the API servers, and keepalived where two share an address.
struct LoadBalancerComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.loadBalancer) else { return [] }
        let rendering = context.rendering
        let paths = rendering.paths
        let trust: [any Resource] =
            [context.certificates.authority("kubernetes-ca", at: paths.haproxyCA)]
            + context.certificates.files(of: ["haproxy-check"], on: host)
        let configuration = FileResource(
            rendering.haproxyConfig(),
            reason: "backends are the controllers, checked by /readyz over TLS",
            validator: ["haproxy", "-c", "-q", "-f"]
        )
        let unit = FileResource(
            rendering.haproxyUnit(),
            reason: "haproxy as a master with workers: reloads drop nothing"
        )
        let package = DebianPackage(name: "haproxy", program: paths.haproxyBinary, reason: "the load balancer")
            .resources(context)
        // A master that reloads starts its program anew from the disk, so another package needs no more than that.
        let service = ServiceResource(
            unit: "haproxy.service",
            reason: "the API's address",
            startedFrom: [unit],
            reloadedFrom: trust + [configuration] + package.suffix(1)
        )
        return [
            Stage("haproxy-package", resources: [unit] + package),
            Stage("haproxy", rolling: .loadBalancer, resources: trust + [configuration, service]),
        ] + virtualAddress(host, context) + [path(context)]
    }

    private func virtualAddress(_ host: HostSpec, _ context: ComponentContext) -> [Stage] {
        guard context.spec.loadBalancer.virtualAddress != nil, context.spec.hosts(.loadBalancer).count > 1 else {
            return []
        }
        let package = DebianPackage(
            name: "keepalived",
            program: context.rendering.paths.keepalivedBinary,
            reason: "moves the address"
        ).resources(context)
        let configuration = FileResource(
            context.rendering.keepalivedConfig(host),
            reason: "VRRP by unicast between the load balancers"
        )
        let unit = FileResource(context.rendering.keepalivedUnit(), reason: "keepalived's command line")
        let service = ServiceResource(
            unit: "keepalived.service",
            reason: "the shared address",
            startedFrom: [unit] + package.suffix(1),
            reloadedFrom: [configuration]
        )
        // One at a time: while one elects, the other holds the address.
        return [Stage("keepalived", rolling: .loadBalancer, resources: [unit] + package + [configuration, service])]
    }

    /// Proves the whole way: this haproxy, its checks, an API server behind it.
    private func path(_ context: ComponentContext) -> Stage {
        let paths = context.rendering.paths
        let command = """
            curl -fsS -m 5 --cacert \(paths.haproxyCA) --cert \(paths.haproxyCheckPEM) \
            --connect-to ::127.0.0.1: \(context.spec.apiURL)/readyz
            """
        let health = Health.check(
            "loadbalancer",
            title: "the API answers through the load balancer",
            reason: "kubelets and people use this way",
            unit: "haproxy.service",
            command: command,
            seconds: 120
        )
        return Stage("loadbalancer-path", needs: [.apiServerReady], opens: [.loadBalancerReady], resources: [health])
    }
}
