/// `kubelet.service`: settings stand in its configuration file, except those which its version takes as flags only.
package struct KubeletUnit: ComponentUnit {
    package var version: KubernetesVersion
    /// The address that the Node object shows.
    package var nodeAddress: IPv4Address
    package var runtime: ContainerRuntime = .containerd
    /// The pause image, which older kubelets must know so that they never collect it.
    package var sandboxImage: String
    /// `key=value:Effect`, for versions whose configuration file has no such field.
    package var taints: [NodeTaint] = []
    package var extraFlags: [String: String] = [:]
    package var paths: HostPaths

    package init(
        version: KubernetesVersion,
        nodeAddress: IPv4Address,
        sandboxImage: String,
        paths: HostPaths = .standard
    ) {
        self.version = version
        self.nodeAddress = nodeAddress
        self.sandboxImage = sandboxImage
        self.paths = paths
    }

    package var flags: FlagSet {
        var flags = FlagSet(
            .kubelet,
            [
                "config": paths.kubeletConfig,
                "kubeconfig": paths.kubeletKubeconfig,
                "node-ip": String(describing: nodeAddress),
            ]
        )
        if version.minor < 24 { addOldRuntime(to: &flags) }
        if version.minor < 27 {
            if runtime == .containerd { flags["container-runtime-endpoint"] = "unix://\(paths.containerdSocket)" }
            flags["pod-infra-container-image"] = sandboxImage
        }
        if !FieldTable.of(.kubelet).has("registerWithTaints", in: version), !taints.isEmpty {
            flags["register-with-taints"] = taints.map(\.description).joined(separator: ",")
        }
        return flags.merging(extraFlags)
    }

    private func addOldRuntime(to flags: inout FlagSet) {
        flags["container-runtime"] = runtime == .docker ? "docker" : "remote"
        flags["network-plugin"] = "cni"
        flags["cni-conf-dir"] = paths.cniConfigDirectory
        flags["cni-bin-dir"] = paths.cniBinDirectory
    }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "kubelet.service",
            description: "Kubernetes kubelet",
            documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/",
            after: [runtime.serviceName],
            // Wanted, not required: a restart of the runtime must not take the kubelet along.
            wants: [runtime.serviceName],
            service: [
                .init("Type", "simple"),
                .init("ExecStart", SystemdQuoting.commandLine(paths.binary("kubelet"), flags.arguments)),
                .init("LimitNOFILE", "1048576"),
            ] + ServiceSettings.restarting()
        )
    }
}
