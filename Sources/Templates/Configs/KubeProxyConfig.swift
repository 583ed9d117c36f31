/// kube-proxy's configuration file, `kubeproxy.config.k8s.io/v1alpha1`.
package struct KubeProxyConfig: Sendable {
    package enum Mode: String, Sendable, Hashable {
        case iptables
        /// From Kubernetes 1.33 on without a feature gate.
        case nftables
    }

    package var version: KubernetesVersion
    package var clusterCIDR: CIDR
    /// The Node object's name, where it differs from the host's own name.
    package var nodeName: String?
    package var mode: Mode
    /// True where the network namespace has no conntrack sysctls (containers): kube-proxy then leaves them alone.
    package var skipConntrackSysctls: Bool
    /// Laid over what is rendered; replaces or adds.
    package var extraFields: OrderedValue = [:]
    package var paths: HostPaths

    package init(
        version: KubernetesVersion,
        clusterCIDR: CIDR,
        nodeName: String? = nil,
        mode: Mode = .iptables,
        skipConntrackSysctls: Bool = false,
        paths: HostPaths = .standard
    ) {
        self.version = version
        self.clusterCIDR = clusterCIDR
        self.nodeName = nodeName
        self.mode = mode
        self.skipConntrackSysctls = skipConntrackSysctls
        self.paths = paths
    }

    package var value: OrderedValue {
        var value: OrderedValue = [
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "clientConnection": ["kubeconfig": .string(paths.kubeProxyKubeconfig)],
        ]
        if let nodeName { value["hostnameOverride"] = .string(nodeName) }
        value["mode"] = .string(mode.rawValue)
        value["clusterCIDR"] = .string(String(describing: clusterCIDR))
        value["bindAddress"] = "0.0.0.0"
        value["healthzBindAddress"] = "0.0.0.0:10256"
        value["metricsBindAddress"] = "127.0.0.1:10249"
        value["enableProfiling"] = false
        if skipConntrackSysctls {
            // Zero means: leave the sysctl as it is. A missing field means: the default.
            value["conntrack"] = ["maxPerCore": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"]
        }
        return value.merging(extraFields)
    }

    package func rendered() -> RenderedFile {
        RenderedFile(
            path: paths.kubeProxyConfig,
            text: YAMLText.encode(value),
            mode: 0o600,
            secrecy: .judged(by: extraFields.names)
        )
    }
}
