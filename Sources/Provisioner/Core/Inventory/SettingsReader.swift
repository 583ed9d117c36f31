import Templates

/// Reads the cluster-wide sections with their defaults.
struct SettingsReader {
    let document: LocatedValue
    let paths: PathResolver
    let version: KubernetesVersion
    let workers: Int

    private func text(_ section: String, _ key: String) -> String? { document.at(section, key)?.text }
    private func number(_ section: String, _ key: String, _ standard: Int) -> Int {
        text(section, key).flatMap { Int($0) } ?? standard
    }
    private func flag(_ section: String, _ key: String) -> Bool { text(section, key) == "true" }
    private func path(_ section: String, _ key: String) -> String? { text(section, key).map(paths.absolute) }

    var versions: ComponentVersions {
        var versions = VersionDefaults.versions(for: version)
        versions.etcd = text("versions", "etcd") ?? versions.etcd
        versions.containerd = text("versions", "containerd") ?? versions.containerd
        versions.runc = text("versions", "runc") ?? versions.runc
        versions.cniPlugins = text("versions", "cniPlugins") ?? versions.cniPlugins
        versions.coreDNS = text("versions", "coreDNS") ?? versions.coreDNS
        versions.haproxy = text("versions", "haproxy")
        return versions
    }

    var upgrade: UpgradeSpec {
        var upgrade = UpgradeSpec()
        if let limit = text("upgrade", "maxUnavailable").flatMap({ MaxUnavailable($0) }) {
            upgrade.maxUnavailable = limit
        }
        if let seconds = text("upgrade", "drainTimeout").flatMap(TextRules.seconds) {
            upgrade.drainSeconds = Int(seconds)
        }
        upgrade.drains = text("upgrade", "drain") != "false"
        upgrade.deletesUnmanagedPods = flag("upgrade", "deleteUnmanagedPods")
        upgrade.acceptedRemovals = document.at("upgrade", "acceptRemovedAPIs")?.items.compactMap(\.text) ?? []
        return upgrade
    }

    var features: FeatureSpec {
        FeatureSpec(
            encryption: text("features", "encryption").flatMap(FeatureSpec.EncryptionProvider.init) ?? .secretbox,
            audit: text("features", "audit").flatMap(FeatureSpec.AuditPolicy.init) ?? .minimal,
            proxyMode: text("features", "proxyMode").flatMap(FeatureSpec.ProxyMode.init) ?? .iptables,
            disableSwap: flag("features", "disableSwap"),
            alwaysPullImages: flag("features", "alwaysPullImages"),
            staticTokenFile: path("features", "staticTokenFile"),
            abacPolicyFile: path("features", "abacPolicyFile")
        )
    }

    var etcd: EtcdSpec {
        EtcdSpec(
            dataDirectory: text("etcd", "dataDirectory") ?? "/var/lib/etcd",
            quotaBackendBytes: number("etcd", "quotaBackendBytes", 2 << 30),
            heartbeatMilliseconds: number("etcd", "heartbeatMilliseconds", 100),
            electionMilliseconds: number("etcd", "electionMilliseconds", 1000)
        )
    }

    var dns: DNSSpec {
        DNSSpec(
            provider: text("dns", "provider").flatMap(DNSSpec.Provider.init) ?? .coredns,
            replicas: number("dns", "replicas", workers == 1 ? 1 : 2),
            upstreams: document.at("dns", "upstreams")?.items.compactMap(\.text) ?? []
        )
    }

    var runtime: RuntimeSpec {
        RuntimeSpec(
            kind: text("runtime", "kind").flatMap(RuntimeSpec.Kind.init) ?? .containerd,
            cgroupDriver: text("runtime", "cgroupDriver").flatMap(RuntimeSpec.CgroupDriver.init) ?? .systemd,
            restrictOOMScoreAdj: flag("runtime", "restrictOOMScoreAdj"),
            skipConntrackSysctls: flag("runtime", "skipConntrackSysctls")
        )
    }

    var loadBalancer: LoadBalancerSpec {
        let services = document.at("loadBalancer", "services")?.items ?? []
        return LoadBalancerSpec(
            services: services.compactMap { service in
                guard let name = service["name"]?.text, let port = service["port"]?.text.flatMap({ UInt16($0) }),
                    let nodePort = service["nodePort"]?.text.flatMap({ UInt16($0) })
                else { return nil }
                return LoadBalancerSpec.Service(name: name, port: port, nodePort: nodePort)
            },
            virtualAddress: text("loadBalancer", "virtualAddress").flatMap { IPv4Address($0) },
            interface: text("loadBalancer", "interface") ?? "eth0"
        )
    }

    func pki(name: String) -> PKISpec {
        func lifetime(_ key: String, _ standard: Int64) -> Int64 {
            text("pki", key).flatMap(TextRules.seconds) ?? standard * 86400
        }
        let brought = document.at("pki", "authorities")?.entries ?? []
        var spec = PKISpec(
            keyAlgorithm: Self.algorithm(text("pki", "keyAlgorithm")),
            authorityLifetime: lifetime("authorityLifetime", 3650),
            leafLifetime: lifetime("leafLifetime", 180),
            adminLifetime: lifetime("adminLifetime", 30),
            directory: path("pki", "directory") ?? paths.absolute(".provision/\(name)"),
            keySecret: keySecret,
            broughtAuthorities: Dictionary(
                brought.compactMap { entry in
                    entry.value["certificateFile"]?.text.map { file in
                        let key = entry.value["keyFile"]?.text.map(paths.absolute)
                        return (
                            entry.key, PKISpec.BroughtAuthority(certificateFile: paths.absolute(file), keyFile: key)
                        )
                    }
                },
                uniquingKeysWith: { first, _ in first }
            )
        )
        for entry in document.at("pki", "lifetimes")?.entries ?? [] {
            spec.lifetimes[entry.key] = entry.value.text.flatMap(TextRules.seconds)
        }
        return spec
    }

    private var keySecret: PKISpec.KeySecret {
        if let path = path("pki", "passphraseFile") { return .firstLine(path: path) }
        if let path = path("pki", "keyFile") { return .file(path: path) }
        return text("pki", "passphrase") == "ask" ? .ask : .none
    }

    private static func algorithm(_ text: String?) -> PKISpec.KeyAlgorithm {
        guard let text, text.hasPrefix("rsa-"), let bits = Int(text.dropFirst(4)) else { return .ecdsaP256 }
        return .rsa(bits: bits)
    }

    var artifacts: ArtifactSpec {
        let source: ArtifactSpec.Source =
            switch text("artifacts", "source") {
            case "debian": .debian
            case "mirror": .mirror(baseURL: text("artifacts", "url") ?? "")
            case "directory": .directory(path: path("artifacts", "path") ?? "")
            default: .upstream
            }
        return ArtifactSpec(source: source, lockFile: path("artifacts", "lockFile") ?? paths.absolute("provision.lock"))
    }

    var images: ImageSpec {
        let preload = flag("images", "preload")
        func image(_ key: String, archive: String, pulled: String) -> String {
            text("images", key) ?? (preload ? archive : pulled)
        }
        let coreDNS = versions.coreDNS
        let dnsArchive = dns.provider == .dnsmasq ? PreloadedImages.dnsmasq : PreloadedImages.coreDNS(coreDNS)
        let pulledDNS = dns.provider == .dnsmasq ? dnsArchive : "registry.k8s.io/coredns/coredns:v\(coreDNS)"
        return ImageSpec(
            pause: image("pause", archive: PreloadedImages.pause, pulled: "registry.k8s.io/pause:3.10"),
            dns: image("dns", archive: dnsArchive, pulled: pulledDNS),
            smokeTest: image("smokeTest", archive: PreloadedImages.nginx, pulled: "docker.io/library/nginx:stable"),
            preload: preload
        )
    }

    var hooks: HookSpec {
        let moments = document["hooks"]?.entries ?? []
        let playbooks = moments.compactMap { entry in
            HookSpec.Moment(rawValue: entry.key).map { ($0, entry.value.items.compactMap(\.text).map(paths.absolute)) }
        }
        return HookSpec(playbooks: Dictionary(playbooks) { first, _ in first })
    }

    var lab: LabSpec? {
        document["lab"].map { LabSpec(name: $0["name"]?.text ?? "lab", subnet: $0["subnet"]?.text ?? "192.168.2.0/24") }
    }

    var concurrency: ConcurrencySpec {
        ConcurrencySpec(
            hosts: number("concurrency", "hosts", 20),
            perJumpHost: number("concurrency", "perJumpHost", 8),
            uploads: number("concurrency", "uploads", 4),
            relay: flag("concurrency", "relay")
        )
    }
}
