/// The kubelet's configuration file, `kubelet.config.k8s.io/v1beta1`.
package struct KubeletConfig: Sendable {
    package enum CgroupDriver: String, Sendable, Hashable { case systemd, cgroupfs }

    package var version: KubernetesVersion
    package var clusterDNS: IPv4Address
    package var clusterDomain: String
    package var cgroupDriver: CgroupDriver
    package var runtime: ContainerRuntime = .containerd
    package var taints: [NodeTaint] = []
    /// `nil`: the kubelet's default, /etc/resolv.conf.
    package var resolvConf: String?
    package var failSwapOn = true
    /// `nil`: the version's default (from 1.35 on a host with cgroup v1 is refused); written from 1.31 on.
    package var failCgroupV1: Bool?
    package var podPidsLimit: Int64 = 4096
    package var maxPods: Int64 = 110
    /// The host must already have the kernel settings that the kubelet would set (`SysctlFile` writes them).
    package var protectKernelDefaults = false
    /// Signal to threshold, for example `memory.available` to `100Mi`; empty: the kubelet's defaults.
    package var evictionHard: [String: String] = [:]
    package var kubeReserved: [String: String] = [:]
    package var systemReserved: [String: String] = [:]
    /// Laid over what is rendered; replaces or adds.
    package var extraFields: OrderedValue = [:]
    package var paths: HostPaths

    package init(
        version: KubernetesVersion,
        clusterDNS: IPv4Address,
        clusterDomain: String,
        cgroupDriver: CgroupDriver = .systemd,
        paths: HostPaths = .standard
    ) {
        self.version = version
        self.clusterDNS = clusterDNS
        self.clusterDomain = clusterDomain
        self.cgroupDriver = cgroupDriver
        self.paths = paths
    }

    package var value: OrderedValue {
        var value: OrderedValue = [
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
        ]
        addServing(to: &value)
        addCluster(to: &value)
        addLimits(to: &value)
        addVersioned(to: &value)
        return value.merging(extraFields)
    }

    private func addServing(to value: inout OrderedValue) {
        value["address"] = "0.0.0.0"
        value["port"] = 10250
        value["readOnlyPort"] = 0
        value["healthzBindAddress"] = "127.0.0.1"
        value["healthzPort"] = 10248
        value["tlsCertFile"] = .string(paths.kubeletServing.certificate)
        value["tlsPrivateKeyFile"] = .string(paths.kubeletServing.key)
        value["tlsMinVersion"] = .string(TLSPolicy.minimumVersion)
        value["tlsCipherSuites"] = .strings(TLSPolicy.cipherSuites)
        value["authentication"] = [
            "anonymous": ["enabled": false],
            "webhook": ["enabled": true],
            "x509": ["clientCAFile": .string(paths.clusterCA)],
        ]
        value["authorization"] = ["mode": "Webhook"]
        value["streamingConnectionIdleTimeout"] = "5m"
    }

    private func addCluster(to value: inout OrderedValue) {
        value["clusterDNS"] = [.string(String(describing: clusterDNS))]
        value["clusterDomain"] = .string(clusterDomain)
        if let resolvConf { value["resolvConf"] = .string(resolvConf) }
        value["cgroupDriver"] = .string(cgroupDriver.rawValue)
        value["failSwapOn"] = .bool(failSwapOn)
        value["makeIPTablesUtilChains"] = true
        value["protectKernelDefaults"] = .bool(protectKernelDefaults)
    }

    private func addLimits(to value: inout OrderedValue) {
        value["maxPods"] = .integer(maxPods)
        value["podPidsLimit"] = .integer(podPidsLimit)
        value["eventRecordQPS"] = 5
        if !evictionHard.isEmpty { value["evictionHard"] = .strings(evictionHard) }
        if !kubeReserved.isEmpty { value["kubeReserved"] = .strings(kubeReserved) }
        if !systemReserved.isEmpty { value["systemReserved"] = .strings(systemReserved) }
    }

    /// Fields that younger versions have: an older kubelet refuses a field that it does not know.
    private func addVersioned(to value: inout OrderedValue) {
        let fields = FieldTable.of(.kubelet)
        if fields.has("registerNode", in: version) { value["registerNode"] = true }
        if fields.has("registerWithTaints", in: version), !taints.isEmpty {
            value["registerWithTaints"] = .array(taints.map(\.object))
        }
        // The field exists from 1.22 on, but its feature gate is open from 1.25 on only.
        if version.minor >= 25 { value["seccompDefault"] = true }
        if fields.has("containerRuntimeEndpoint", in: version), runtime == .containerd {
            value["containerRuntimeEndpoint"] = .string("unix://\(paths.containerdSocket)")
        }
        if fields.has("failCgroupV1", in: version), let failCgroupV1 { value["failCgroupV1"] = .bool(failCgroupV1) }
    }

    /// Mode 0600 (CIS 4.1.9).
    package func rendered() -> RenderedFile {
        RenderedFile(
            path: paths.kubeletConfig,
            text: YAMLText.encode(value),
            mode: 0o600,
            secrecy: .judged(by: extraFields.names)
        )
    }
}
