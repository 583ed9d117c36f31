/// `kube-apiserver.service` of one controller, with every check of CIS 1.2 that a flag can meet.
package struct KubeAPIServerUnit: ComponentUnit {
    package var version: KubernetesVersion
    /// This controller's address, which the other hosts reach.
    package var advertiseAddress: IPv4Address
    package var securePort: UInt16 = 6443
    /// `https://ADDRESS:2379`, the local member first, because the client prefers it.
    package var etcdServers: [String]
    package var serviceCIDR: CIDR
    package var nodePortRange: ClosedRange<UInt16> = 30000...32767
    /// Issuer of service-account tokens, `https://kubernetes.default.svc.DOMAIN`.
    package var serviceAccountIssuer: String
    package var encryption = true
    package var audit = true
    /// Opt-ins of the notes' own ways, each weaker than certificates and RBAC.
    package var staticTokenFile = false
    package var abacPolicyFile = false
    /// Admission sets every pod's pull policy to `Always` (CIS 1.2.11).
    package var alwaysPullImages = false
    /// Seconds for which the readiness endpoint fails before connections close, so that a load balancer leaves in time:
    /// ours needs three.
    package var shutdownDelaySeconds = 6
    package var extraFlags: [String: String] = [:]
    package var paths: HostPaths

    package init(
        version: KubernetesVersion,
        advertiseAddress: IPv4Address,
        etcdServers: [String],
        serviceCIDR: CIDR,
        serviceAccountIssuer: String,
        paths: HostPaths = .standard
    ) {
        self.version = version
        self.advertiseAddress = advertiseAddress
        self.etcdServers = etcdServers
        self.serviceCIDR = serviceCIDR
        self.serviceAccountIssuer = serviceAccountIssuer
        self.paths = paths
    }

    package var flags: FlagSet {
        var flags = FlagSet(.kubeAPIServer)
        addServing(to: &flags)
        addIdentity(to: &flags)
        addAdmission(to: &flags)
        addStorage(to: &flags)
        addAudit(to: &flags)
        addAggregation(to: &flags)
        return flags.merging(extraFlags)
    }

    private func addServing(to flags: inout FlagSet) {
        flags["advertise-address"] = String(describing: advertiseAddress)
        flags["bind-address"] = "0.0.0.0"
        flags["secure-port"] = String(securePort)
        flags["tls-cert-file"] = paths.apiServer.certificate
        flags["tls-private-key-file"] = paths.apiServer.key
        flags["tls-min-version"] = TLSPolicy.minimumVersion
        flags["tls-cipher-suites"] = TLSPolicy.cipherSuites.joined(separator: ",")
        flags["service-cluster-ip-range"] = String(describing: serviceCIDR)
        flags["service-node-port-range"] = "\(nodePortRange.lowerBound)-\(nodePortRange.upperBound)"
        flags["allow-privileged"] = "true"
        flags["profiling"] = "false"
        flags["request-timeout"] = "60s"
        flags["shutdown-delay-duration"] = "\(shutdownDelaySeconds)s"
        if version.minor < 24 { flags["insecure-port"] = "0" }
    }

    private func addIdentity(to flags: inout FlagSet) {
        flags["anonymous-auth"] = "false"
        flags["client-ca-file"] = paths.clusterCA
        flags["authorization-mode"] = abacPolicyFile ? "Node,RBAC,ABAC" : "Node,RBAC"
        if abacPolicyFile { flags["authorization-policy-file"] = paths.abacPolicyFile }
        if staticTokenFile { flags["token-auth-file"] = paths.staticTokenFile }
        flags["service-account-issuer"] = serviceAccountIssuer
        flags["service-account-key-file"] = paths.serviceAccountPublicKey
        flags["service-account-signing-key-file"] = paths.serviceAccountPrivateKey
        flags["service-account-lookup"] = "true"
        flags["service-account-extend-token-expiration"] = "false"
        flags["kubelet-certificate-authority"] = paths.clusterCA
        flags["kubelet-client-certificate"] = paths.apiServerKubeletClient.certificate
        flags["kubelet-client-key"] = paths.apiServerKubeletClient.key
        flags["kubelet-preferred-address-types"] = "InternalIP,Hostname,InternalDNS,ExternalDNS,ExternalIP"
    }

    private func addAdmission(to flags: inout FlagSet) {
        var plugins = ["NodeRestriction"]
        if version.minor >= 21 { plugins.append("DenyServiceExternalIPs") }
        if alwaysPullImages { plugins.append("AlwaysPullImages") }
        flags["enable-admission-plugins"] = plugins.joined(separator: ",")
    }

    private func addStorage(to flags: inout FlagSet) {
        flags["etcd-servers"] = etcdServers.joined(separator: ",")
        flags["etcd-cafile"] = paths.etcdCA
        flags["etcd-certfile"] = paths.apiServerEtcdClient.certificate
        flags["etcd-keyfile"] = paths.apiServerEtcdClient.key
        guard encryption else { return }
        flags["encryption-provider-config"] = paths.encryptionConfig
    }

    private func addAudit(to flags: inout FlagSet) {
        guard audit else { return }
        flags["audit-policy-file"] = paths.auditPolicy
        flags["audit-log-path"] = paths.auditLog
        flags["audit-log-maxage"] = "30"
        flags["audit-log-maxbackup"] = "10"
        flags["audit-log-maxsize"] = "100"
    }

    private func addAggregation(to flags: inout FlagSet) {
        flags["requestheader-client-ca-file"] = paths.frontProxyCA
        flags["requestheader-allowed-names"] = "front-proxy-client"
        flags["requestheader-extra-headers-prefix"] = "X-Remote-Extra-"
        flags["requestheader-group-headers"] = "X-Remote-Group"
        flags["requestheader-username-headers"] = "X-Remote-User"
        flags["proxy-client-cert-file"] = paths.frontProxyClient.certificate
        flags["proxy-client-key-file"] = paths.frontProxyClient.key
        flags["enable-aggregator-routing"] = "true"
    }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "kube-apiserver.service",
            description: "Kubernetes API server",
            documentation: "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
            after: ["etcd.service"],
            service: [
                .init("Type", "simple"),
                .init("UMask", "0077"),
                .init("ExecStart", SystemdQuoting.commandLine(paths.binary("kube-apiserver"), flags.arguments)),
                .init("LimitNOFILE", "65536"),
                // Watches would hold it for a minute more; calls that are under way end long before.
                .init("TimeoutStopSec", String(shutdownDelaySeconds + 10)),
            ] + logsDirectory + ServiceSettings.restarting()
                + ServiceSettings.sandbox(
                    writable: [paths.auditDirectory, "/var/run/kubernetes"],
                    capabilities: ["CAP_DAC_READ_SEARCH", "CAP_NET_BIND_SERVICE"]
                )
        )
    }

    /// systemd makes the audit log's directory where it lies in the usual place.
    private var logsDirectory: [SystemdUnit.Setting] {
        let root = "/var/log/"
        guard audit, paths.auditDirectory.hasPrefix(root) else { return [] }
        let name = SystemdQuoting.word(String(paths.auditDirectory.dropFirst(root.count)))
        return [.init("LogsDirectory", name), .init("LogsDirectoryMode", "0700")]
    }
}
