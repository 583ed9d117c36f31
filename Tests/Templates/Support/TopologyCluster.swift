import Templates

extension Topology {
    var haproxy: HAProxyConfig {
        HAProxyConfig(
            controllers: controllers,
            workers: workers,
            services: [.init(name: "nginx", port: 80, nodePort: 30080)],
            paths: paths
        )
    }

    var keepalived: KeepalivedConfig {
        KeepalivedConfig(
            interface: "eth0",
            address: Self.address("192.168.2.8"),
            peers: [Self.address("192.168.2.10")],
            virtualAddress: Self.address("192.168.2.11"),
            routerID: 51,
            priority: 100,
            paths: paths
        )
    }

    var loadBalancerFiles: [RenderedFile] {
        [
            HAProxyUnit(paths: paths).rendered(), haproxy.rendered(),
            KeepalivedUnit(paths: paths).rendered(), keepalived.rendered(),
        ]
    }

    var coreDNS: CoreDNSManifest {
        CoreDNSManifest(
            version: version,
            image: "registry.k8s.io/coredns/coredns:v1.12.0",
            clusterDNS: Self.dns,
            clusterDomain: "cluster.local",
            paths: paths
        )
    }

    var dnsmasq: DNSMasqManifest {
        DNSMasqManifest(
            image: "provision.local/dnsmasq:2.90",
            clusterDNS: Self.dns,
            clusterDomain: "cluster.local",
            paths: paths
        )
    }

    var nodes: NodesManifest {
        NodesManifest(
            nodes: workers.indices.map {
                .init(name: workers[$0].name, podCIDR: podNetwork($0), labels: ["tier": "lab"], taints: taints)
            },
            paths: paths
        )
    }

    var manifests: [RenderedFile] {
        [
            AccessManifest(paths: paths).rendered(), nodes.rendered(), coreDNS.rendered(), dnsmasq.rendered(),
            SmokeTestManifest(image: "provision.local/nginx:1", imagePullPolicy: "Never", paths: paths).rendered(),
        ]
    }
}
