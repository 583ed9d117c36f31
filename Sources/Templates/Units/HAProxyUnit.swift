/// `haproxy.service` in /etc, which shadows the package's unit: checked before every start and reload.
package struct HAProxyUnit: Sendable {
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package var unit: SystemdUnit {
        let check = SystemdQuoting.argument(paths.haproxyBinary) + " -c -q -f " + config
        return SystemdUnit(
            name: "haproxy.service",
            description: "HAProxy load balancer",
            documentation: "man:haproxy(1)",
            service: [
                .init("Type", "notify"),
                .init("RuntimeDirectory", "haproxy"),
                .init("ExecStartPre", check),
                .init("ExecStart", SystemdQuoting.argument(paths.haproxyBinary) + " -Ws -f " + config),
                .init("ExecReload", check),
                // The master starts new workers; the old ones finish their connections.
                .init("ExecReload", SystemdQuoting.argument(paths.killBinary) + " -USR2 $MAINPID"),
                .init("KillMode", "mixed"),
                .init("SuccessExitStatus", "143"),
                .init("LimitNOFILE", "65536"),
                .init("NoNewPrivileges", "yes"),
                .init("ProtectHome", "yes"),
                .init("ProtectSystem", "full"),
                .init("ProtectKernelTunables", "yes"),
                .init("ProtectKernelModules", "yes"),
                .init("ProtectControlGroups", "yes"),
            ] + ServiceSettings.restarting(seconds: 2)
        )
    }

    private var config: String { SystemdQuoting.argument(paths.haproxyConfig) }

    package func rendered() -> RenderedFile { unit.rendered(in: paths) }
}
