import Templates

/// Routes to every other worker's pods, in the kernel now and after a reboot, and none to workers that left.
struct RoutesComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker) || host.has(.controller) else { return [] }
        let routes = context.rendering.routes(from: host)
        let unit = FileResource(
            context.rendering.routesUnit(host),
            reason: "sets the routes at boot, removes only its own"
        )
        let service = ServiceResource(
            unit: "provision-routes.service",
            reason: "routes after a reboot",
            startedFrom: [unit]
        )
        let kernel = routes.map {
            RouteResource(destination: $0.destination, gateway: $0.gateway, reason: "pods of \($0.node)")
        }
        return [Stage("routes", resources: [unit, service] + kernel + [stale(routes)])]
    }

    /// The unit knows only the routes of today, so what an earlier one set is found by its protocol number.
    private func stale(_ routes: [Rendering.Route]) -> CommandResource {
        let wanted = routes.map(\.destination.description).joined(separator: " ")
        let find = """
            stale() { ip -4 route show proto \(RouteResource.protocolNumber) | while read -r d r; do \
            case " \(wanted) " in *" $d "*) ;; *) echo "$d";; esac; done; }
            """
        return CommandResource(
            id: "routes:stale",
            title: "no route to a worker that left",
            reason: "packets to its pods would go where nobody takes them",
            check: "\(find)\ns=$(stale); [ -z \"$s\" ] || { echo leads to nobody: $s; exit 1; }",
            action: Action(
                kind: .delete,
                title: "delete the routes to workers that left",
                script: """
                    \(find)
                    for d in $(stale); do ip -4 route del $d proto \(RouteResource.protocolNumber); done
                    """
            ),
            digest: wanted
        )
    }
}
