/// `kube-controller-manager.service`: pod CIDRs come from the inventory, so it allocates none.
package struct KubeControllerManagerUnit: ComponentUnit {
    package var version: KubernetesVersion
    package var clusterName: String
    package var clusterCIDR: CIDR
    package var serviceCIDR: CIDR
    /// The built-in signer needs the authority's key on the controllers.
    package var signsCertificates = false
    package var extraFlags: [String: String] = [:]
    package var paths: HostPaths

    package init(
        version: KubernetesVersion,
        clusterName: String,
        clusterCIDR: CIDR,
        serviceCIDR: CIDR,
        paths: HostPaths = .standard
    ) {
        self.version = version
        self.clusterName = clusterName
        self.clusterCIDR = clusterCIDR
        self.serviceCIDR = serviceCIDR
        self.paths = paths
    }

    package var flags: FlagSet {
        var flags = FlagSet(
            .kubeControllerManager,
            [
                "kubeconfig": paths.controllerManagerKubeconfig,
                "authentication-kubeconfig": paths.controllerManagerKubeconfig,
                "authorization-kubeconfig": paths.controllerManagerKubeconfig,
                "bind-address": "127.0.0.1",
                "secure-port": "10257",
                "tls-cert-file": paths.controllerManagerServing.certificate,
                "tls-private-key-file": paths.controllerManagerServing.key,
                "tls-min-version": TLSPolicy.minimumVersion,
                "tls-cipher-suites": TLSPolicy.cipherSuites.joined(separator: ","),
                "client-ca-file": paths.clusterCA,
                "requestheader-client-ca-file": paths.frontProxyCA,
                "requestheader-allowed-names": "front-proxy-client",
                "cluster-name": clusterName,
                "allocate-node-cidrs": "false",
                "cluster-cidr": String(describing: clusterCIDR),
                "service-cluster-ip-range": String(describing: serviceCIDR),
                "root-ca-file": paths.clusterCA,
                "service-account-private-key-file": paths.serviceAccountPrivateKey,
                "use-service-account-credentials": "true",
                "leader-elect": "true",
                "terminated-pod-gc-threshold": "1000",
                "profiling": "false",
            ]
        )
        if signsCertificates {
            flags["cluster-signing-cert-file"] = paths.clusterCA
            flags["cluster-signing-key-file"] = paths.clusterCAKey
        }
        // Up to 1.21 the insecure port listens unless it is turned off; the flag is gone with 1.24.
        if version.minor < 24 { flags["port"] = "0" }
        return flags.merging(extraFlags)
    }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "kube-controller-manager.service",
            description: "Kubernetes controller manager",
            documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
            after: ["kube-apiserver.service"],
            service: [
                .init("Type", "simple"),
                .init("UMask", "0077"),
                .init(
                    "ExecStart",
                    SystemdQuoting.commandLine(paths.binary("kube-controller-manager"), flags.arguments)
                ),
                .init("LimitNOFILE", "65536"),
            ] + ServiceSettings.restarting()
                + ServiceSettings.sandbox(writable: [], capabilities: ["CAP_DAC_READ_SEARCH"])
        )
    }
}
