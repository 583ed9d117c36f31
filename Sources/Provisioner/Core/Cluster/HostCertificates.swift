import Templates

/// The leaves of one host.
struct HostCertificates {
    let spec: ClusterSpec
    let host: HostSpec

    private static let directory = "/etc/kubernetes/pki"
    private static let loopback = IPv4Address(bits: 0x7F00_0001)

    /// HAProxy wants certificate and key in one file; it has no group, so it may read health endpoints only.
    var haproxyCheck: CatalogCertificate {
        var leaf = client(
            "haproxy-check",
            "provision-haproxy",
            unit: "haproxy.service",
            "lets the load balancer ask every API server whether it is ready"
        )
        leaf.certificatePath = HostPaths.standard.haproxyCheckPEM
        leaf.keyPath = leaf.certificatePath
        leaf.certificateMode = 0o600
        return leaf
    }

    var etcd: [CatalogCertificate] {
        let both: Set<CatalogCertificate.Usage> = [.serverAuth, .clientAuth]
        let server = member(
            leaf("etcd-server", "kube-etcd", .etcd, both, "etcd/server"),
            "etcd's client port; clientAuth too, because its gateway dials itself"
        )
        let peer = member(
            leaf("etcd-peer", "kube-etcd-peer", .etcd, both, "etcd/peer"),
            "between etcd members, which compare the addresses in it with the one they see"
        )
        var health = leaf(
            "etcd-healthcheck",
            "kube-etcd-healthcheck-client",
            .etcd,
            [.clientAuth],
            "etcd/healthcheck-client"
        )
        health.reason = "health checks and snapshots of etcd"
        return [server, peer, health]
    }

    /// Read by etcd itself, which runs as its own user.
    private func member(_ certificate: CatalogCertificate, _ reason: String) -> CatalogCertificate {
        var certificate = named(certificate)
        certificate.owner = "etcd"
        certificate.group = "etcd"
        certificate.consumers = ["etcd.service"]
        certificate.reason = reason
        return certificate
    }

    var apiServer: [CatalogCertificate] {
        let unit = "kube-apiserver.service"
        var serving = leaf("apiserver", "kube-apiserver", .kubernetes, [.serverAuth], "apiserver")
        serving.consumers = [unit]
        serving.reason = "the API server's own certificate, valid for every name and address it is reached by"
        serving.subject.dnsNames = unique(serviceNames + names + endpointNames + ["localhost"])
        serving.subject.addresses = unique(
            [spec.network.kubernetesService, host.internalAddress] + endpointAddresses + [Self.loopback]
        )
        var etcdClient = leaf(
            "apiserver-etcd-client",
            "kube-apiserver-etcd-client",
            .etcd,
            [.clientAuth],
            "apiserver-etcd-client"
        )
        etcdClient.consumers = [unit]
        etcdClient.reason = "the API server's access to etcd"
        var proxy = leaf("front-proxy-client", "front-proxy-client", .frontProxy, [.clientAuth], "front-proxy-client")
        proxy.consumers = [unit]
        proxy.reason = "proves to extension API servers that a request came through the aggregation layer"
        let kubelet = client(
            "apiserver-kubelet-client",
            "kube-apiserver-kubelet-client",
            unit: unit,
            "the API server's access to kubelets, bound to system:kubelet-api-admin"
        )
        return [serving, kubelet, etcdClient, proxy]
    }

    var controlPlane: [CatalogCertificate] { component("controller-manager") + component("scheduler") }

    var worker: [CatalogCertificate] {
        let user = "system:node:\(host.nodeName)"
        var kubelet = client(
            "kubelet-client",
            user,
            unit: "kubelet.service",
            "the kubelet's identity at the API server"
        )
        kubelet.subject.organizations = ["system:nodes"]
        kubelet.certificatePath = HostPaths.standard.kubeletClient.certificate
        kubelet.keyPath = HostPaths.standard.kubeletClient.key
        var serving = named(leaf("kubelet-serving", user, .kubernetes, [.serverAuth], "kubelet"))
        serving.subject.organizations = ["system:nodes"]
        serving.subject.dnsNames = names
        serving.subject.addresses = [host.internalAddress]
        serving.certificatePath = HostPaths.standard.kubeletServing.certificate
        serving.keyPath = HostPaths.standard.kubeletServing.key
        serving.consumers = ["kubelet.service"]
        serving.reason = "the kubelet's own port: logs, exec, metrics"
        let proxy = client(
            "kube-proxy",
            "system:kube-proxy",
            unit: "kube-proxy.service",
            "kube-proxy's identity at the API server"
        )
        return [kubelet, serving, proxy]
    }

    private func component(_ name: String) -> [CatalogCertificate] {
        let unit = "kube-\(name).service"
        let identity = client(name, "system:kube-\(name)", unit: unit, "its identity at the API server")
        var serving = named(leaf("\(name)-serving", "kube-\(name)", .kubernetes, [.serverAuth], "\(name)-serving"))
        serving.subject.dnsNames = ["localhost"]
        serving.consumers = [unit]
        serving.reason = "its own port: health and metrics"
        return [identity, serving]
    }

    private func client(_ name: String, _ commonName: String, unit: String, _ reason: String) -> CatalogCertificate {
        var certificate = leaf(name, commonName, .kubernetes, [.clientAuth], name)
        certificate.consumers = [unit]
        certificate.reason = reason
        return certificate
    }

    private func leaf(
        _ name: String,
        _ commonName: String,
        _ issuer: CatalogCertificate.Authority,
        _ usages: Set<CatalogCertificate.Usage>,
        _ file: String
    ) -> CatalogCertificate {
        CatalogCertificate(
            identifier: "\(name)@\(host.name)",
            subject: CatalogCertificate.Subject(
                issuer: issuer,
                commonName: commonName,
                usages: usages,
                lifetime: spec.pki.lifetime(ofLeaf: name)
            ),
            host: host.name,
            certificatePath: "\(Self.directory)/\(file).crt",
            keyPath: "\(Self.directory)/\(file).key",
            owner: "root",
            group: "root",
            certificateMode: 0o644,
            keyMode: 0o600,
            consumers: [],
            reason: ""
        )
    }

    /// With the host's names and addresses, loopback included.
    private func named(_ certificate: CatalogCertificate) -> CatalogCertificate {
        var certificate = certificate
        certificate.subject.dnsNames = unique(names + ["localhost"])
        certificate.subject.addresses = unique([host.internalAddress, Self.loopback])
        return certificate
    }

    private var names: [String] { unique([host.nodeName, host.name]) }

    private var serviceNames: [String] {
        let service = "kubernetes.default.svc"
        let domain = spec.network.clusterDomain
        let first = domain.split(separator: ".").first.map { "\(service).\($0)" } ?? service
        return ["kubernetes", "kubernetes.default", service, first, "\(service).\(domain)"]
    }

    /// Everything clients may put into a kubeconfig: endpoint, extra names, and the load balancers themselves.
    private var endpointTexts: [String] {
        [spec.endpoint.address] + spec.hosts(.loadBalancer).flatMap { [$0.name, $0.internalAddress.description] }
            + [spec.loadBalancer.virtualAddress?.description].compactMap { $0 } + spec.endpoint.extraSANs
    }

    private var endpointNames: [String] { endpointTexts.filter { IPv4Address($0) == nil && !$0.isEmpty } }
    private var endpointAddresses: [IPv4Address] { endpointTexts.compactMap { IPv4Address($0) } }

    private func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}
