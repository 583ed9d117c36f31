/// What no source of artifacts can give.
extension InventoryRules {
    mutating func checkArtifacts() {
        if !members(.worker).isEmpty { checkImages() }
        checkArchitectures()
    }

    /// A lab's machines have no way out of its network: a pod whose image must be pulled never starts.
    private mutating func checkImages() {
        guard spec.images.preload else {
            guard spec.lab != nil else { return }
            problems.add(
                "lab.images-pulled",
                at: positions.isWritten("images") ? positions.mark("images", "preload") : positions.mark("lab"),
                "the images would be pulled, but a lab's machines have no way out of its network",
                fix: "add `images: {preload: true}`: archives are made here and imported on every worker"
            )
            return
        }
        require("pause", spec.images.pause, PreloadedImages.pause)
        require("smokeTest", spec.images.smokeTest, PreloadedImages.nginx, inAnyVersion: true)
        switch spec.dns.provider {
        case .coredns: require("dns", spec.images.dns, PreloadedImages.coreDNS(spec.versions.coreDNS))
        case .dnsmasq: require("dns", spec.images.dns, PreloadedImages.dnsmasq, inAnyVersion: true)
        case .none: break
        }
    }

    /// A worker looks for the image by the name that the inventory gives it.
    private mutating func require(_ key: String, _ name: String, _ archive: String, inAnyVersion: Bool = false) {
        let program = archive.prefix { $0 != ":" }
        guard inAnyVersion ? !name.hasPrefix("\(program):") : name != archive else { return }
        problems.add(
            "images.no-archive",
            at: positions.mark("images", key),
            "no archive is named `\(name)`: what `images.preload` imports is `\(archive)`",
            fix: "leave `\(key)` out, or write `\(key): \(archive)`"
        )
    }

    /// A bundle holds what somebody put into it, for any architecture.
    private var isBundle: Bool {
        guard case .directory = spec.artifacts.source else { return false }
        return true
    }

    /// Debian's packages, and what is built from them, are those of this machine.
    private mutating func checkArchitectures() {
        let own = context.architecture.rawValue
        for (index, host) in spec.hosts.enumerated() where host.architecture != context.architecture {
            let mark = positions.mark(host: index, "architecture")
            let word = host.architecture.rawValue
            if spec.lab != nil {
                problems.add(
                    "lab.foreign-architecture",
                    at: mark,
                    "`\(host.name)` is \(word), but a lab's machines run on this one, which is \(own)",
                    fix: "leave `architecture` out"
                )
            } else if spec.artifacts.source == .debian {
                problems.add(
                    "artifacts.debian-architecture",
                    at: mark,
                    "`\(host.name)` is \(word), but `artifacts.source: debian` gives what this machine runs: \(own)",
                    fix: "use upstream, a mirror or a bundle for mixed fleets"
                )
            } else if spec.images.preload, !isBundle {
                problems.add(
                    "images.foreign-architecture",
                    at: mark,
                    "`\(host.name)` is \(word), but the archives of `images.preload` are made for this machine's \(own)",
                    fix: "let hosts pull their images, or use a bundle that holds both"
                )
            }
        }
    }
}
