import Templates

/// containerd, runc, the CNI plugins and the images that are never pulled.
struct RuntimeComponent: Component {
    private static let plugins = ["bridge", "host-local", "loopback", "portmap"]

    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker) else { return [] }
        let rendering = context.rendering
        let programs = context.binaries(
            ["containerd", "containerd-shim-runc-v2", "ctr", "runc"],
            reason: "the container runtime"
        )
        let plugins = Self.plugins.compactMap {
            context.binary($0, at: "\(rendering.paths.cniBinDirectory)/\($0)", reason: "pod networking")
        }
        let configuration = FileResource(rendering.containerdConfig(), reason: "containerd's configuration")
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
        let network = rendering.cniConfigs(host).map { FileResource($0, reason: "the node's pod network") }
        return [
            Stage("runtime-binaries", resources: programs + plugins + archives(context)),
            Stage("runtime", resources: network + [configuration, unit, service, health]),
            Stage("images", resources: images(context)),
        ]
    }

    private func path(of image: String) -> String { "/var/lib/provision/images/\(image).tar" }

    private func archives(_ context: ComponentContext) -> [BinaryResource] {
        guard context.spec.images.preload else { return [] }
        return ["pause", "dns", "smokeTest"].compactMap {
            context.binary($0, at: path(of: $0), mode: 0o644, reason: "an image that is never pulled")
        }
    }

    private func images(_ context: ComponentContext) -> [any Resource] {
        let images = context.spec.images
        guard images.preload else { return [] }
        return [("pause", images.pause), ("dns", images.dns), ("smokeTest", images.smokeTest)].compactMap {
            name,
            reference in
            guard let archive = context.binary(name, at: path(of: name), reason: "") else { return nil }
            let stamp = "$S/stamps/image-\(name)"
            return CommandResource(
                id: "image:\(reference)",
                title: "image \(reference)",
                reason: "nothing is pulled",
                check: """
                    [ "$(cat \(stamp) 2> /dev/null)" = '\(archive.digest)' ] && [ -n "$(ctr -n k8s.io images ls -q name==\(reference))" ]
                    """,
                action: Action(
                    kind: .run,
                    title: "import \(reference)",
                    script:
                        "ctr -n k8s.io images import \(path(of: name)) > /dev/null\nmkdir -p $S/stamps\necho '\(archive.digest)' > \(stamp)",
                    seconds: 180
                ),
                digest: archive.digest
            )
        }
    }
}
