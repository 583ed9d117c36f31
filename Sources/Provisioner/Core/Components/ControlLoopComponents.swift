import Templates

/// kube-controller-manager.
struct ControllerManagerComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.controller) else { return [] }
        let rendering = context.rendering
        let read =
            context.certificates.files(of: ["controller-manager", "controller-manager-serving"], on: host)
            + [
                FileResource(
                    rendering.controllerManagerKubeconfig(host),
                    reason: "kube-controller-manager's way to the API"
                )
            ]
        return ControlLoop(
            unit: FileResource(rendering.controllerManagerUnit(host), reason: "kube-controller-manager's command line"),
            name: "kube-controller-manager",
            rolling: .controllerManager,
            read: read + [
                context.certificates.authority("kubernetes-ca", at: rendering.paths.clusterCA),
                context.certificates.authority("front-proxy-ca", at: rendering.paths.frontProxyCA),
            ]
                + context.certificates.serviceAccount(),
            port: 10257
        ).stages(in: context)
    }
}

/// kube-scheduler.
struct SchedulerComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.controller) else { return [] }
        let rendering = context.rendering
        let read =
            context.certificates.files(of: ["scheduler", "scheduler-serving"], on: host)
            + [
                FileResource(rendering.schedulerKubeconfig(host), reason: "kube-scheduler's way to the API"),
                FileResource(rendering.schedulerConfig(host), reason: "kube-scheduler's configuration"),
            ]
        return ControlLoop(
            unit: FileResource(rendering.schedulerUnit(host), reason: "kube-scheduler's command line"),
            name: "kube-scheduler",
            rolling: .scheduler,
            read: read + [
                context.certificates.authority("kubernetes-ca", at: rendering.paths.clusterCA),
                context.certificates.authority("front-proxy-ca", at: rendering.paths.frontProxyCA),
            ],
            port: 10259
        ).stages(in: context)
    }
}

/// What kube-controller-manager and kube-scheduler have in common: files, a binary, a unit and a health endpoint.
private struct ControlLoop {
    let unit: FileResource
    let name: String
    let rolling: RollingGroup
    let read: [any Resource]
    let port: Int

    func stages(in context: ComponentContext) -> [Stage] {
        let binary = context.binaries([name], reason: name)
        let service = ServiceResource(
            unit: "\(name).service",
            reason: "a control loop",
            startedFrom: read + [unit] + binary
        )
        let health = Health.check(
            name,
            title: "\(name) is healthy",
            reason: "it answers for itself",
            unit: "\(name).service",
            command: "curl -fsS -m 3 --cacert \(context.rendering.paths.clusterCA) https://127.0.0.1:\(port)/healthz",
            seconds: 90
        )
        return [
            Stage("\(name)-binary", resources: binary),
            Stage(name, needs: [.apiServerReady], rolling: rolling, resources: read + [unit, service, health]),
        ]
    }
}
