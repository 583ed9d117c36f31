/// `keepalived.service`: moves the virtual address between two load balancers.
package struct KeepalivedUnit: Sendable {
    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package var unit: SystemdUnit {
        let arguments = ["--dont-fork", "--log-console", "--use-file", paths.keepalivedConfig]
        return SystemdUnit(
            name: "keepalived.service",
            description: "Keepalived (virtual address of the load balancers)",
            documentation: "man:keepalived(8)",
            after: ["haproxy.service"],
            service: [
                .init("Type", "simple"),
                .init("ExecStart", SystemdQuoting.commandLine(paths.keepalivedBinary, arguments)),
                .init("ExecReload", SystemdQuoting.argument(paths.killBinary) + " -HUP $MAINPID"),
                .init("KillMode", "process"),
            ] + ServiceSettings.restarting(seconds: 2)
        )
    }

    package func rendered() -> RenderedFile { unit.rendered(in: paths) }
}
