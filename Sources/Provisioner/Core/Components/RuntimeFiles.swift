import Templates

/// What every container runtime needs beside itself: CNI plugins, the node's network, images that are never pulled.
struct RuntimeFiles {
    let context: ComponentContext

    var plugins: [any Resource] {
        ["bridge", "host-local", "loopback", "portmap"].compactMap {
            context.binary($0, at: "\(context.rendering.paths.cniBinDirectory)/\($0)", reason: "pod networking")
        }
    }

    func network(_ host: HostSpec) -> [any Resource] {
        context.rendering.cniConfigs(host).map { FileResource($0, reason: "the node's pod network") }
    }

    /// The archives as files on the host; none where images are pulled.
    var archives: [any Resource] { named.map(\.archive) }

    /// The images in the runtime.
    ///
    /// - Parameter commands: From an archive's path and a reference, what says that the image is there, and what imports it.
    /// - Returns: One resource per image.
    func images(_ commands: (_ path: String, _ reference: String) -> (check: String, load: String)) -> [any Resource] {
        named.map { name, reference, archive in
            let stamp = "$S/stamps/image-\(name)"
            let (check, load) = commands(archive.path, reference)
            return CommandResource(
                id: "image:\(reference)",
                title: "image \(reference)",
                reason: "nothing is pulled",
                check: "[ \"$(cat \(stamp) 2> /dev/null)\" = '\(archive.digest)' ] && \(check)",
                action: Action(
                    kind: .run,
                    title: "import \(reference)",
                    script: "\(load)\nmkdir -p $S/stamps\necho '\(archive.digest)' > \(stamp)",
                    seconds: 180
                ),
                digest: archive.digest
            )
        }
    }

    private var named: [(name: String, reference: String, archive: BinaryResource)] {
        let images = context.spec.images
        guard images.preload else { return [] }
        return [("pause", images.pause), ("dns", images.dns), ("smokeTest", images.smokeTest)].compactMap {
            name,
            reference in
            context.binary(
                name,
                at: "/var/lib/provision/images/\(name).tar",
                mode: 0o644,
                reason: "an image that is never pulled"
            ).map { (name, reference, $0) }
        }
    }
}
