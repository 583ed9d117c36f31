/// `kube-proxy.service`; everything else stands in its configuration file.
package struct KubeProxyUnit: ComponentUnit {
    package var extraFlags: [String: String] = [:]
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package var flags: FlagSet {
        FlagSet(.kubeProxy, ["config": paths.kubeProxyConfig]).merging(extraFlags)
    }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "kube-proxy.service",
            description: "Kubernetes service proxy",
            documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/",
            service: [
                .init("Type", "simple"),
                .init("ExecStart", SystemdQuoting.commandLine(paths.binary("kube-proxy"), flags.arguments)),
                .init("LimitNOFILE", "1048576"),
            ] + ServiceSettings.restarting()
        )
    }
}
