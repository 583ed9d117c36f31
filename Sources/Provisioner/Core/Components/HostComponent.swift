import Templates

/// The ground that every host stands on.
struct HostComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        var resources = HostPreparation.resources(
            clusterID: context.materials.clusterID,
            spec: context.spec,
            host: host,
            rotation: context.materials.rotation
        )
        if host.has(.controller) || host.has(.worker) {
            let rendering = context.rendering
            resources += [
                DirectoryResource("/etc/kubernetes", reason: "kubeconfigs and configuration"),
                DirectoryResource(
                    rendering.paths.pkiDirectory,
                    reason: "certificates; the place that kube-bench audits"
                ),
                FileResource(rendering.sysctl(host), reason: "kernel settings after a reboot"),
                FileResource(rendering.modules(), reason: "kernel modules after a reboot"),
                HostPreparation.modules(), HostPreparation.sysctls(rendering.sysctlFile(host)),
            ]
        }
        if host.has(.worker), context.spec.features.disableSwap { resources.append(HostPreparation.swap()) }
        return [Stage("host", resources: resources)]
    }
}
