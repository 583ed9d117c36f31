/// `containerd.service`; the pods' processes outlive its restart.
package struct ContainerdUnit: Sendable {
    /// False on machines that refuse a negative oom_score_adj.
    package var protectedFromOOM = true
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "containerd.service",
            description: "containerd container runtime",
            documentation: "https://containerd.io",
            after: ["local-fs.target", "dbus.service"],
            service: [
                .init("Type", "notify"),
                .init("ExecStartPre", "-" + SystemdQuoting.argument(paths.modprobeBinary) + " overlay"),
                .init(
                    "ExecStart",
                    SystemdQuoting.commandLine(paths.binary("containerd"), ["--config", paths.containerdConfig])
                ),
                .init("Delegate", "yes"),
                .init("KillMode", "process"),
                .init("LimitNPROC", "infinity"),
                .init("LimitCORE", "infinity"),
                .init("LimitNOFILE", "1048576"),
                .init("TasksMax", "infinity"),
            ] + (protectedFromOOM ? [.init("OOMScoreAdjust", "-999")] : []) + ServiceSettings.restarting()
        )
    }

    package func rendered() -> RenderedFile { unit.rendered(in: paths) }
}
