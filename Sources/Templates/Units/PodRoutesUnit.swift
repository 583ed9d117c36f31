/// `provision-routes.service`: the other workers' pod networks, set at every boot; foreign routes are never touched.
package struct PodRoutesUnit: Sendable {
    /// rtnetlink protocol number of our routes, by which they are told from foreign ones; 0 to 4 belong to the kernel
    /// and the boot scripts.
    package static let protocolNumber = 86

    /// One pod network and the host behind which it lies.
    package struct Route: Sendable, Hashable {
        package var destination: CIDR
        package var gateway: IPv4Address

        package init(destination: CIDR, gateway: IPv4Address) {
            self.destination = destination
            self.gateway = gateway
        }
    }

    package var routes: [Route]
    package var paths: HostPaths

    package init(routes: [Route], paths: HostPaths = .standard) {
        self.routes = routes
        self.paths = paths
    }

    package var unit: SystemdUnit {
        let ip = SystemdQuoting.argument(paths.ipBinary)
        // systemd refuses a service without a command: a cluster of one worker has no routes.
        let words = routes.map { "\($0.destination) via \($0.gateway) proto \(Self.protocolNumber)" }
        return SystemdUnit(
            name: "provision-routes.service",
            description: "Routes to the pod networks of the other workers",
            service: [.init("Type", "oneshot"), .init("RemainAfterExit", "yes")]
                + (routes.isEmpty ? [.init("ExecStart", "/bin/true")] : [])
                + routes.map { .init("ExecStart", setting($0)) }
                + words.map { .init("ExecStop", "-\(ip) route del \($0)") }
                // A link that is not up yet refuses its routes; try again until it is.
                + [.init("Restart", "on-failure"), .init("RestartSec", "2")]
        )
    }

    /// Network, gateway and protocol number come last; a route of somebody else to the same network is left alone.
    private func setting(_ route: Route) -> String {
        let ip = paths.ipBinary
        let script =
            "r=$(\(ip) -4 route show exact $1); case \"$r \" in \" \"|*\"proto $3 \"*) exec \(ip) -4 route replace $1 via $2 proto $3;; esac; "
            + "echo \"leaves a foreign route alone: $r\" >&2"
        let words = ["sh", "\(route.destination)", "\(route.gateway)", "\(Self.protocolNumber)"]
        return (["/bin/sh", "-c", script] + words).map(SystemdQuoting.argument).joined(separator: " ")
    }

    package func rendered() -> RenderedFile { unit.rendered(in: paths) }
}
