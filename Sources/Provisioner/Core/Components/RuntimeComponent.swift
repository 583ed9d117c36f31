import Templates

/// containerd, runc, the CNI plugins and the images that are never pulled.
struct RuntimeComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker), context.spec.runtime.kind == .containerd else { return [] }
        let rendering = context.rendering
        let programs = context.binaries(
            ["containerd", "containerd-shim-runc-v2", "ctr", "runc"],
            reason: "the container runtime"
        )
        let configuration = FileResource(rendering.containerdConfig(host), reason: "containerd's configuration")
        let unit = FileResource(rendering.containerdUnit(), reason: "containerd's command line and limits")
        let service = ServiceResource(
            unit: "containerd.service",
            reason: "runs containers",
            startedFrom: [configuration, unit] + programs.prefix(1)
        )
        let health = Health.check(
            "containerd",
            title: "containerd answers",
            reason: "the kubelet needs it",
            unit: "containerd.service",
            command: "ctr --connect-timeout 3s version",
            seconds: 60
        )
        let shared = RuntimeFiles(context: context)
        let images = shared.images { path, reference in
            (
                "[ -n \"$(ctr -n k8s.io images ls -q name==\(reference))\" ]",
                "ctr -n k8s.io images import \(path) > /dev/null"
            )
        }
        return [
            Stage("runtime-binaries", resources: programs + shared.plugins + shared.archives),
            Stage(
                "runtime",
                rolling: .runtime,
                resources: shared.network(host) + [configuration, unit, service, health]
            ),
            Stage("images", resources: images),
        ]
    }
}
