import Templates

/// The spec's view of the templates: which inputs each file gets, in one place.
struct Rendering {
    let spec: ClusterSpec
    let materials: ClusterMaterials
    let paths = HostPaths.standard

    private var version: KubernetesVersion { spec.versions.kubernetes }
    private var controllers: [HostSpec] { spec.hosts(.controller) }

    // Every host.

    func sysctl(_ host: HostSpec) -> RenderedFile { sysctlFile(host).rendered() }

    /// Its values must be in force; those outside a container's own namespaces are only looked at.
    func sysctlFile(_ host: HostSpec) -> SysctlFile { SysctlFile(hasPods: host.has(.worker)) }

    func modules() -> RenderedFile { ModulesFile().rendered() }

    // etcd.

    func etcdUnit(_ host: HostSpec) -> RenderedFile {
        var unit = EtcdUnit(
            name: host.nodeName,
            address: host.internalAddress,
            clusterToken: "\(spec.name)-\(materials.clusterID.prefix(8))"
        )
        unit.dataDirectory = spec.etcd.dataDirectory
        unit.quotaBackendBytes = spec.etcd.quotaBackendBytes
        unit.heartbeatMilliseconds = spec.etcd.heartbeatMilliseconds
        unit.electionMilliseconds = spec.etcd.electionMilliseconds
        unit.extraFlags = host.extraFlags[.etcd] ?? [:]
        return unit.rendered()
    }

    func etcdBootstrap(_ host: HostSpec, _ state: EtcdBootstrap.ClusterState) -> RenderedFile {
        EtcdBootstrap(
            members: spec.hosts(.etcd).map { .init(name: $0.nodeName, address: $0.internalAddress) },
            state: state,
            overridden: Set((host.extraFlags[.etcd] ?? [:]).keys)
        ).rendered()
    }

    // Control plane.

    func apiServerUnit(_ host: HostSpec) -> RenderedFile {
        let members = spec.hosts(.etcd)
        let local = members.filter { $0.name == host.name } + members.filter { $0.name != host.name }
        var unit = KubeAPIServerUnit(
            version: version,
            advertiseAddress: host.internalAddress,
            etcdServers: local.map { "https://\($0.internalAddress):2379" },
            serviceCIDR: spec.network.serviceCIDR,
            serviceAccountIssuer: spec.network.serviceAccountIssuer
        )
        unit.nodePortRange = spec.network.nodePortRange
        unit.encryption = spec.features.encryption != .none
        unit.audit = spec.features.audit != .none
        unit.staticTokenFile = spec.features.staticTokenFile != nil
        unit.abacPolicyFile = spec.features.abacPolicyFile != nil
        unit.alwaysPullImages = spec.features.alwaysPullImages
        unit.extraFlags = host.extraFlags[.kubeAPIServer] ?? [:]
        return unit.rendered()
    }

    /// Configuration files that the API server reads at its start.
    func apiServerFiles() -> [RenderedFile] {
        let audit: AuditPolicy.Profile? = AuditPolicy.Profile(rawValue: spec.features.audit.rawValue)
        let encryption = EncryptionConfig.Provider(rawValue: spec.features.encryption.rawValue).map {
            EncryptionConfig(provider: $0, keys: materials.encryptionKeys.map { .init(name: $0.name, bytes: $0.bytes) })
                .rendered()
        }
        let named = [
            (spec.features.staticTokenFile, paths.staticTokenFile),
            (spec.features.abacPolicyFile, paths.abacPolicyFile),
        ].compactMap { source, path in
            source.flatMap { materials.namedFiles[$0] }.map {
                RenderedFile(path: path, content: $0, mode: 0o600, secrecy: .secret)
            }
        }
        return [audit.map { AuditPolicy(version: version, profile: $0).rendered() }, encryption].compactMap(\.self)
            + named
    }

    func controllerManagerUnit(_ host: HostSpec) -> RenderedFile {
        var unit = KubeControllerManagerUnit(
            version: version,
            clusterName: spec.name,
            clusterCIDR: spec.network.podCIDR,
            serviceCIDR: spec.network.serviceCIDR
        )
        unit.extraFlags = host.extraFlags[.kubeControllerManager] ?? [:]
        return unit.rendered()
    }

    func schedulerUnit(_ host: HostSpec) -> RenderedFile {
        var unit = KubeSchedulerUnit(version: version)
        unit.extraFlags = host.extraFlags[.kubeScheduler] ?? [:]
        return unit.rendered()
    }

    func schedulerConfig(_ host: HostSpec) -> RenderedFile {
        var config = KubeSchedulerConfig(version: version)
        config.extraFields = fields(host, .kubeScheduler)
        return config.rendered()
    }

    // Load balancer.

    func haproxyConfig() -> RenderedFile {
        HAProxyConfig(
            apiPort: spec.endpoint.port,
            controllers: controllers.map { .init(name: $0.nodeName, address: $0.internalAddress) },
            workers: spec.hosts(.worker).map { .init(name: $0.nodeName, address: $0.internalAddress) },
            services: spec.loadBalancer.services.map { .init(name: $0.name, port: $0.port, nodePort: $0.nodePort) }
        ).rendered()
    }

    func haproxyUnit() -> RenderedFile { HAProxyUnit().rendered() }
    func keepalivedUnit() -> RenderedFile { KeepalivedUnit().rendered() }

    func keepalivedConfig(_ host: HostSpec) -> RenderedFile {
        let balancers = spec.hosts(.loadBalancer)
        let rank = balancers.firstIndex { $0.name == host.name } ?? 0
        let shared = spec.loadBalancer.virtualAddress ?? host.internalAddress
        return KeepalivedConfig(
            interface: spec.loadBalancer.interface,
            address: host.internalAddress,
            peers: balancers.filter { $0.name != host.name }.map(\.internalAddress),
            virtualAddress: shared,
            // The same on both, or each believes itself alone and holds the address.
            routerID: UInt8(truncatingIfNeeded: max(1, shared.bits & 0xFF)),
            priority: UInt8(clamping: 150 - 10 * rank)
        ).rendered()
    }

    // Workers.

    func containerdConfig(_ host: HostSpec) -> RenderedFile {
        var config = ContainerdConfig(
            layout: .init(containerdVersion: spec.versions.containerd),
            sandboxImage: spec.images.pause,
            systemdCgroup: spec.runtime.cgroupDriver == .systemd,
            restrictOOMScoreAdj: spec.runtime.restrictOOMScoreAdj
        )
        config.extraFields = fields(host, .containerd)
        return config.rendered()
    }

    func containerdUnit() -> RenderedFile {
        var unit = ContainerdUnit()
        unit.protectedFromOOM = !spec.runtime.restrictOOMScoreAdj
        return unit.rendered()
    }

    func dockerUnit() -> RenderedFile {
        var unit = DockerUnit()
        unit.protectedFromOOM = !spec.runtime.restrictOOMScoreAdj
        unit.cgroupDriver = cgroupDriver
        return unit.rendered()
    }

    func restrictedRuntime() -> [RenderedFile] {
        spec.runtime.restrictOOMScoreAdj ? [RestrictedRuntime().rendered()] : []
    }

    private var runtime: ContainerRuntime { spec.runtime.kind == .docker ? .docker : .containerd }
    private var cgroupDriver: KubeletConfig.CgroupDriver {
        spec.runtime.cgroupDriver == .systemd ? .systemd : .cgroupfs
    }

    func cniConfigs(_ host: HostSpec) -> [RenderedFile] {
        guard let podCIDR = host.podCIDR else { return [] }
        return [
            CNIBridgeConfig(podCIDR: podCIDR).rendered(), CNILoopbackConfig().rendered(), CrictlConfig().rendered(),
        ]
    }

    func kubeletConfig(_ host: HostSpec) -> RenderedFile {
        var config = KubeletConfig(
            version: version,
            clusterDNS: spec.network.clusterDNS,
            clusterDomain: spec.network.clusterDomain,
            cgroupDriver: cgroupDriver
        )
        config.runtime = runtime
        config.taints = taints(host)
        config.extraFields = fields(host, .kubelet)
        return config.rendered()
    }

    func kubeletUnit(_ host: HostSpec) -> RenderedFile {
        var unit = KubeletUnit(version: version, nodeAddress: host.internalAddress, sandboxImage: spec.images.pause)
        unit.runtime = runtime
        unit.taints = taints(host)
        unit.extraFlags = host.extraFlags[.kubelet] ?? [:]
        return unit.rendered()
    }

    func kubeProxyConfig(_ host: HostSpec) -> RenderedFile {
        var config = KubeProxyConfig(
            version: version,
            clusterCIDR: spec.network.podCIDR,
            nodeName: host.nodeName,
            mode: spec.features.proxyMode == .nftables ? .nftables : .iptables,
            skipConntrackSysctls: spec.runtime.skipConntrackSysctls
        )
        config.extraFields = fields(host, .kubeProxy)
        return config.rendered()
    }

    func kubeProxyUnit(_ host: HostSpec) -> RenderedFile {
        var unit = KubeProxyUnit()
        unit.extraFlags = host.extraFlags[.kubeProxy] ?? [:]
        return unit.rendered()
    }

    func taints(_ host: HostSpec) -> [NodeTaint] {
        host.taints.map { NodeTaint(key: $0.key, value: $0.value, effect: $0.effect) }
    }

    private func fields(_ host: HostSpec, _ component: ComponentName) -> OrderedValue {
        host.extraConfiguration[component] ?? [:]
    }
}
