/// `docker.service`, an opt-in before Kubernetes 1.24: docker leaves the packet filter to kube-proxy and the CNI plugins.
package struct DockerUnit: Sendable {
    /// False on machines that refuse a negative oom_score_adj.
    package var protectedFromOOM = true
    /// The same as the kubelet's, or no pod starts.
    package var cgroupDriver: KubeletConfig.CgroupDriver = .systemd
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package var unit: SystemdUnit {
        var arguments = [
            "--iptables=false", "--ip-masq=false", "--log-level=error", "--storage-driver=overlay2",
            "--exec-opt=native.cgroupdriver=\(cgroupDriver.rawValue)",
        ]
        if !protectedFromOOM { arguments += Self.unprotected(paths) }
        return SystemdUnit(
            name: "docker.service",
            description: "Docker container runtime",
            documentation: "https://docs.docker.com",
            service: [
                .init("Type", "notify"),
                .init("ExecStart", SystemdQuoting.commandLine(paths.dockerdBinary, arguments)),
                .init("ExecReload", SystemdQuoting.argument(paths.killBinary) + " -s HUP $MAINPID"),
                .init("Delegate", "yes"),
                .init("KillMode", "process"),
                .init("LimitNPROC", "infinity"),
                .init("LimitCORE", "infinity"),
                .init("LimitNOFILE", "1048576"),
                .init("TasksMax", "infinity"),
            ] + ServiceSettings.restarting()
        )
    }

    /// Neither dockerd itself nor what it starts asks for a negative score.
    private static func unprotected(_ paths: HostPaths) -> [String] {
        let name = RestrictedRuntime.name
        return [
            "--oom-score-adjust=0", "--add-runtime=\(name)=\(paths.restrictedRuntime)", "--default-runtime=\(name)",
        ]
    }

    package func rendered() -> RenderedFile { unit.rendered(in: paths) }
}
