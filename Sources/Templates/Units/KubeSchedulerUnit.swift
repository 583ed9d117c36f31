/// `kube-scheduler.service`; its kubeconfig and leader election stand in its configuration file.
package struct KubeSchedulerUnit: ComponentUnit {
    package var version: KubernetesVersion
    package var extraFlags: [String: String] = [:]
    package var paths: HostPaths

    package init(version: KubernetesVersion, paths: HostPaths = .standard) {
        self.version = version
        self.paths = paths
    }

    package var flags: FlagSet {
        var flags = FlagSet(
            .kubeScheduler,
            [
                "config": paths.schedulerConfig,
                "authentication-kubeconfig": paths.schedulerKubeconfig,
                "authorization-kubeconfig": paths.schedulerKubeconfig,
                "bind-address": "127.0.0.1",
                "secure-port": "10259",
                "tls-cert-file": paths.schedulerServing.certificate,
                "tls-private-key-file": paths.schedulerServing.key,
                "tls-min-version": TLSPolicy.minimumVersion,
                "tls-cipher-suites": TLSPolicy.cipherSuites.joined(separator: ","),
                "client-ca-file": paths.clusterCA,
                "requestheader-client-ca-file": paths.frontProxyCA,
                "requestheader-allowed-names": "front-proxy-client",
                // Read from the configuration file; stated here too because audits read the command line.
                "profiling": "false",
            ]
        )
        if version.minor < 24 { flags["port"] = "0" }
        return flags.merging(extraFlags)
    }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "kube-scheduler.service",
            description: "Kubernetes scheduler",
            documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/",
            after: ["kube-apiserver.service"],
            service: [
                .init("Type", "simple"),
                .init("UMask", "0077"),
                .init("ExecStart", SystemdQuoting.commandLine(paths.binary("kube-scheduler"), flags.arguments)),
                .init("LimitNOFILE", "65536"),
            ] + ServiceSettings.restarting()
                + ServiceSettings.sandbox(writable: [], capabilities: ["CAP_DAC_READ_SEARCH"])
        )
    }
}
