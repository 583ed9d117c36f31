import Templates

/// docker as the notes had it, an opt-in before Kubernetes 1.24: it leaves the packet filter alone.
struct DockerComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker), context.spec.runtime.kind == .docker else { return [] }
        let unit = FileResource(context.rendering.dockerUnit(), reason: "docker's command line, with iptables=false")
        let restricted = context.rendering.restrictedRuntime().map {
            FileResource($0, reason: "runc, where a negative oom_score_adj is refused")
        }
        let package = DebianPackage(
            name: "docker",
            program: context.rendering.paths.dockerdBinary,
            reason: "the container runtime"
        ).resources(context)
        let service = ServiceResource(
            unit: "docker.service",
            reason: "runs containers",
            startedFrom: [unit] + restricted + package.suffix(1)
        )
        let health = Health.check(
            "docker",
            title: "docker answers",
            reason: "the kubelet needs it",
            unit: "docker.service",
            command: "docker version",
            seconds: 60
        )
        let shared = RuntimeFiles(context: context)
        let images = shared.images { path, reference in
            ("docker image inspect \(reference) > /dev/null 2>&1", "docker load --quiet --input \(path)")
        }
        return [
            Stage(
                "runtime-binaries",
                resources: [unit] + restricted + package + shared.plugins + shared.archives
            ),
            Stage("runtime", rolling: .runtime, resources: shared.network(host) + [service, health]),
            Stage("images", resources: images),
        ]
    }
}
