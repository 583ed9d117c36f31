import Templates

extension Topology {
    func etcdUnit(_ member: EtcdBootstrap.Member) -> EtcdUnit {
        EtcdUnit(
            name: member.name,
            address: member.address,
            clusterToken: "kubernetes-the-hard-way",
            paths: paths
        )
    }

    func apiServer(_ host: HAProxyConfig.Server) -> KubeAPIServerUnit {
        let own = etcd.filter { $0.address == host.address }
        let servers = (own + etcd.filter { $0.address != host.address }).map { "https://\($0.address):2379" }
        return KubeAPIServerUnit(
            version: version,
            advertiseAddress: host.address,
            etcdServers: servers,
            serviceCIDR: Self.serviceCIDR,
            serviceAccountIssuer: "https://kubernetes.default.svc.cluster.local",
            paths: paths
        )
    }

    var controllerManager: KubeControllerManagerUnit {
        KubeControllerManagerUnit(
            version: version,
            clusterName: "kubernetes-the-hard-way",
            clusterCIDR: Self.podCIDR,
            serviceCIDR: Self.serviceCIDR,
            paths: paths
        )
    }

    var scheduler: KubeSchedulerUnit { KubeSchedulerUnit(version: version, paths: paths) }

    func kubelet(_ index: Int) -> KubeletUnit {
        var unit = KubeletUnit(
            version: version,
            nodeAddress: workers[index].address,
            sandboxImage: "provision.local/pause:1",
            paths: paths
        )
        unit.taints = taints
        return unit
    }

    var taints: [NodeTaint] { [NodeTaint(key: "dedicated", value: "lab", effect: "PreferNoSchedule")] }

    var kubeletConfig: KubeletConfig {
        var config = KubeletConfig(
            version: version,
            clusterDNS: Self.dns,
            clusterDomain: "cluster.local",
            paths: paths
        )
        config.taints = taints
        config.failCgroupV1 = false
        return config
    }

    var kubeProxyConfig: KubeProxyConfig {
        KubeProxyConfig(
            version: version,
            clusterCIDR: Self.podCIDR,
            mode: version.minor >= 33 ? .nftables : .iptables,
            skipConntrackSysctls: true,
            paths: paths
        )
    }

    var schedulerConfig: KubeSchedulerConfig { KubeSchedulerConfig(version: version, paths: paths) }

    func podNetwork(_ index: Int) -> CIDR { Self.cidr("10.200.\(index).0/24") }

    func kubeconfig(_ path: String, _ user: String, _ client: KeyPairPaths) -> RenderedFile {
        Kubeconfig(
            path: path,
            clusterName: "kubernetes-the-hard-way",
            server: "https://\(endpoint):6443",
            userName: user,
            credentials: .files(certificateAuthority: paths.clusterCA, client: client)
        ).rendered()
    }

    func controllerFiles(_ host: HAProxyConfig.Server) -> [RenderedFile] {
        let key = EncryptionConfig.Key(name: "key1", bytes: Secret((0..<32).map { UInt8($0) }))
        return [
            apiServer(host).rendered(), controllerManager.rendered(), scheduler.rendered(), schedulerConfig.rendered(),
            EncryptionConfig(keys: [key], paths: paths).rendered(),
            AuditPolicy(version: version, profile: .hardened, paths: paths).rendered(),
            kubeconfig(
                paths.controllerManagerKubeconfig,
                "system:kube-controller-manager",
                paths.controllerManagerClient
            ),
            kubeconfig(paths.schedulerKubeconfig, "system:kube-scheduler", paths.schedulerClient),
            routes(except: nil).rendered(),
        ] + manifests
    }

    func routes(except own: Int?) -> PodRoutesUnit {
        let routes = workers.indices.filter { $0 != own }.map {
            PodRoutesUnit.Route(destination: podNetwork($0), gateway: workers[$0].address)
        }
        return PodRoutesUnit(routes: routes, paths: paths)
    }

    func workerFiles(_ index: Int) -> [RenderedFile] {
        let user = "system:node:\(workers[index].name)"
        let layout: ContainerdConfig.Layout = version.minor >= 30 ? .three : .two
        return [
            ContainerdUnit(paths: paths).rendered(),
            ContainerdConfig(
                layout: layout,
                sandboxImage: "provision.local/pause:1",
                systemdCgroup: true,
                restrictOOMScoreAdj: true,
                paths: paths
            ).rendered(),
            CNIBridgeConfig(podCIDR: podNetwork(index), paths: paths).rendered(),
            CNILoopbackConfig(paths: paths).rendered(),
            kubelet(index).rendered(), kubeletConfig.rendered(),
            kubeconfig(paths.kubeletKubeconfig, user, paths.kubeletClient),
            KubeProxyUnit(paths: paths).rendered(), kubeProxyConfig.rendered(),
            kubeconfig(paths.kubeProxyKubeconfig, "system:kube-proxy", paths.kubeProxyClient),
            routes(except: index).rendered(),
            SysctlFile(hasPods: true, paths: paths).rendered(), ModulesFile(paths: paths).rendered(),
            CrictlConfig(paths: paths).rendered(),
        ]
    }
}
