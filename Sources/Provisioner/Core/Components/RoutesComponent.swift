/// Routes to every other worker's pods, in the kernel now and after a reboot.
struct RoutesComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        let routes = context.rendering.routes(from: host)
        guard !routes.isEmpty else { return [] }
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
        return [Stage("routes", resources: [unit, service] + kernel)]
    }
}
