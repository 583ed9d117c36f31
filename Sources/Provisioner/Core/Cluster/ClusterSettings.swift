package import Templates

/// Versions per component, as the projects write them (no leading `v` except where noted).
package struct ComponentVersions: Sendable, Equatable {
    package var kubernetes: KubernetesVersion
    package var etcd: String
    package var containerd: String
    package var runc: String
    package var cniPlugins: String
    package var coreDNS: String
    /// Version of the Debian package; `nil` takes the newest.
    package var haproxy: String?

    package init(
        kubernetes: KubernetesVersion,
        etcd: String,
        containerd: String,
        runc: String,
        cniPlugins: String,
        coreDNS: String,
        haproxy: String? = nil
    ) {
        self.kubernetes = kubernetes
        self.etcd = etcd
        self.containerd = containerd
        self.runc = runc
        self.cniPlugins = cniPlugins
        self.coreDNS = coreDNS
        self.haproxy = haproxy
    }
}

/// The three address ranges of a cluster and its domain.
package struct NetworkSpec: Sendable, Equatable {
    package var serviceCIDR: CIDR
    package var podCIDR: CIDR
    /// Inside the service CIDR.
    package var clusterDNS: IPv4Address
    package var clusterDomain: String
    package var nodePortRange: ClosedRange<UInt16>

    package init(
        serviceCIDR: CIDR,
        podCIDR: CIDR,
        clusterDNS: IPv4Address,
        clusterDomain: String,
        nodePortRange: ClosedRange<UInt16>
    ) {
        self.serviceCIDR = serviceCIDR
        self.podCIDR = podCIDR
        self.clusterDNS = clusterDNS
        self.clusterDomain = clusterDomain
        self.nodePortRange = nodePortRange
    }

    /// The address of the `kubernetes` service: the first of the service CIDR.
    package var kubernetesService: IPv4Address {
        serviceCIDR.address(at: 1) ?? serviceCIDR.network
    }
}

/// Where clients reach the API.
package struct EndpointSpec: Sendable, Equatable {
    /// An IPv4 address or a DNS name.
    package var address: String
    package var port: UInt16
    /// More names and addresses for the API server's certificate.
    package var extraSANs: [String]

    package init(address: String, port: UInt16, extraSANs: [String]) {
        self.address = address
        self.port = port
        self.extraSANs = extraSANs
    }
}

/// Choices that change what is rendered.
package struct FeatureSpec: Sendable, Equatable {
    package enum EncryptionProvider: String, Sendable, CaseIterable, Codable { case secretbox, aescbc, none }
    package enum AuditPolicy: String, Sendable, CaseIterable { case minimal, hardened, none }
    package enum ProxyMode: String, Sendable, CaseIterable { case iptables, nftables }

    package var encryption: EncryptionProvider
    package var audit: AuditPolicy
    package var proxyMode: ProxyMode
    /// Turn swap off now and for good; otherwise swap refuses the host.
    package var disableSwap: Bool
    /// A pod's image is asked of its registry each time, so that who may not pull it cannot run what lies on a node.
    package var alwaysPullImages: Bool
    /// Explicit opt-ins of the notes' own ways, each warned about: lines of a static token file, ABAC policy lines.
    package var staticTokenFile: String?
    package var abacPolicyFile: String?

    package init(
        encryption: EncryptionProvider,
        audit: AuditPolicy,
        proxyMode: ProxyMode,
        disableSwap: Bool,
        alwaysPullImages: Bool,
        staticTokenFile: String?,
        abacPolicyFile: String?
    ) {
        self.encryption = encryption
        self.audit = audit
        self.proxyMode = proxyMode
        self.disableSwap = disableSwap
        self.alwaysPullImages = alwaysPullImages
        self.staticTokenFile = staticTokenFile
        self.abacPolicyFile = abacPolicyFile
    }
}

/// etcd's own settings; members are the hosts with the etcd role.
package struct EtcdSpec: Sendable, Equatable {
    package var dataDirectory: String
    package var quotaBackendBytes: Int
    package var heartbeatMilliseconds: Int
    package var electionMilliseconds: Int

    package init(dataDirectory: String, quotaBackendBytes: Int, heartbeatMilliseconds: Int, electionMilliseconds: Int) {
        self.dataDirectory = dataDirectory
        self.quotaBackendBytes = quotaBackendBytes
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.electionMilliseconds = electionMilliseconds
    }

    /// Where data that is not this cluster's may lie: in its own directory, and where every other etcd has it.
    package var foreignData: [String] { Set([dataDirectory, "/var/lib/etcd"]).sorted().map { "\($0)/member" } }
}

/// Cluster DNS.
package struct DNSSpec: Sendable, Equatable {
    package enum Provider: String, Sendable, CaseIterable { case coredns, dnsmasq, none }
    package var provider: Provider
    package var replicas: Int
    /// Resolvers for names outside the cluster; empty: such names are refused.
    package var upstreams: [String]

    package init(provider: Provider, replicas: Int, upstreams: [String]) {
        self.provider = provider
        self.replicas = replicas
        self.upstreams = upstreams
    }
}

/// The container runtime and the kubelet settings that depend on it.
package struct RuntimeSpec: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case containerd, docker }
    package enum CgroupDriver: String, Sendable, CaseIterable { case systemd, cgroupfs }
    package var kind: Kind
    package var cgroupDriver: CgroupDriver
    /// For machines that refuse a negative oom_score_adj (no CAP_SYS_RESOURCE).
    package var restrictOOMScoreAdj: Bool
    /// For machines whose network namespaces have no conntrack sysctls.
    package var skipConntrackSysctls: Bool

    package init(kind: Kind, cgroupDriver: CgroupDriver, restrictOOMScoreAdj: Bool, skipConntrackSysctls: Bool) {
        self.kind = kind
        self.cgroupDriver = cgroupDriver
        self.restrictOOMScoreAdj = restrictOOMScoreAdj
        self.skipConntrackSysctls = skipConntrackSysctls
    }
}

/// The load balancer in front of the API servers.
package struct LoadBalancerSpec: Sendable, Equatable {
    /// A NodePort exposed through the load balancer.
    package struct Service: Sendable, Equatable {
        package var name: String
        package var port: UInt16
        package var nodePort: UInt16

        package init(name: String, port: UInt16, nodePort: UInt16) {
            self.name = name
            self.port = port
            self.nodePort = nodePort
        }
    }

    package var services: [Service]
    /// With two load balancers: the address that keepalived moves between them.
    package var virtualAddress: IPv4Address?
    /// The network interface that carries the virtual address.
    package var interface: String

    package init(services: [Service], virtualAddress: IPv4Address?, interface: String = "eth0") {
        self.services = services
        self.virtualAddress = virtualAddress
        self.interface = interface
    }
}
