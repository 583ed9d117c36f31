/// The top level of the inventory and its cluster-wide sections.
package enum InventoryKeys {
    package static let root = InventoryObject([
        InventoryKey("apiVersion", .text(.apiVersion), "Format of this file; always provision/v1.", required: true),
        InventoryKey(
            "name",
            .text(.name),
            "Cluster name, also the context name of its kubeconfigs; default kubernetes-the-hard-way."
        ),
        InventoryKey("versions", .object(versions), "Version per component."),
        InventoryKey("network", .object(network), "Service and pod networks, cluster DNS."),
        InventoryKey(
            "endpoint",
            .object(endpoint),
            "Where clients reach the API; default: the load balancer, or the only controller."
        ),
        InventoryKey("features", .object(features), "Choices that change what is configured."),
        InventoryKey("upgrade", .object(upgrade), "How a change of versions goes through the nodes."),
        InventoryKey(
            "etcd",
            .object(etcd),
            "Settings of etcd; its members are hosts.etcd, by default the controllers."
        ),
        InventoryKey("dns", .object(dns), "Cluster DNS."),
        InventoryKey("runtime", .object(runtime), "The container runtime and what depends on it."),
        InventoryKey(
            "loadBalancer",
            .object(loadBalancer),
            "Services exposed by the load balancers, and their shared address."
        ),
        InventoryKey("pki", .object(pki), "Keys, lifetimes and the credential store."),
        InventoryKey("artifacts", .object(artifacts), "Where binaries come from."),
        InventoryKey("images", .object(images), "Images of the cluster's own pods."),
        InventoryKey("lab", .object(lab), "The hosts are machines of the embedded lab."),
        InventoryKey("concurrency", .object(concurrency), "How much may happen at once."),
        InventoryKey(
            "hooks",
            .keyed(names(HookSpec.Moment.self), values: .list(.text(.localPath))),
            "Playbooks that apply runs on the hosts that it changes, before or after it does."
        ),
        InventoryKey("ssh", .object(HostKeys.ssh), "How every host is reached; hosts can differ."),
        InventoryKey("extraFlags", HostKeys.flags, "Flags added to or replacing rendered ones, per component."),
        InventoryKey(
            "extraConfiguration",
            HostKeys.configuration,
            "Configuration fields, per component: dotted paths to values, or lists and tables as the file has them."
        ),
        InventoryKey(
            "roles",
            .keyed(HostKeys.roleNames, values: .object(HostKeys.role)),
            "Settings for all hosts of one role."
        ),
        InventoryKey("hosts", .object(HostKeys.hosts), "The hosts by role; a host may be in several.", required: true),
    ])

    static let versions = InventoryObject([
        InventoryKey("kubernetes", .text(.kubernetesVersion), "1.20.0 to 1.37.x; default 1.36.2."),
        InventoryKey("etcd", .text(.componentVersion), "Default depends on the Kubernetes version."),
        InventoryKey("containerd", .text(.componentVersion), "Default depends on the Kubernetes version."),
        InventoryKey(
            "runc",
            .text(.componentVersion),
            "Default depends on the Kubernetes version: 1.4.3 for the current one."
        ),
        InventoryKey(
            "cniPlugins",
            .text(.componentVersion),
            "Default depends on the Kubernetes version: 1.9.1 for the current one."
        ),
        InventoryKey("coreDNS", .text(.componentVersion), "Default depends on the Kubernetes version."),
        InventoryKey("haproxy", .text(.componentVersion), "Version of the Debian package; default the newest."),
    ])

    static let upgrade = InventoryObject([
        InventoryKey(
            "maxUnavailable",
            .text(.maxUnavailable),
            "Nodes out of service at once; default 10%, at least 1."
        ),
        InventoryKey(
            "drain",
            .boolean,
            "Whether pods leave a node before its kubelet, runtime or CNI changes; default true."
        ),
        InventoryKey("drainTimeout", .text(.duration), "For one node's pods to leave; default 300s."),
        InventoryKey(
            "deleteUnmanagedPods",
            .boolean,
            "Also delete pods that nothing makes anew; default false, and they stop the drain."
        ),
        InventoryKey(
            "acceptRemovedAPIs",
            .list(.text(.groupVersionResource)),
            "Removed APIs whose use is known and does not stop an upgrade."
        ),
    ])

    static let network = InventoryObject([
        InventoryKey("serviceCIDR", .text(.cidr), "Addresses of services; default 10.32.0.0/24."),
        InventoryKey("podCIDR", .text(.cidr), "Addresses of pods; each worker gets a part; default 10.200.0.0/16."),
        InventoryKey(
            "nodePrefixLength",
            .integer(16...30),
            "Size of a worker's part of podCIDR where it is not given; default 24."
        ),
        InventoryKey("clusterDNS", .text(.address), "Inside serviceCIDR; default its tenth address."),
        InventoryKey("clusterDomain", .text(.dnsName), "Default cluster.local."),
        InventoryKey("nodePortRange", .text(.portRange), "Default 30000-32767."),
    ])

    static let endpoint = InventoryObject([
        InventoryKey("address", .text(.addressOrName), "Address or name of the API for clients and nodes."),
        InventoryKey("port", .integer(1...65535), "Default 6443."),
        InventoryKey(
            "extraSANs",
            .list(.text(.addressOrName)),
            "More names and addresses for the API server's certificate."
        ),
    ])

    static let features = InventoryObject([
        InventoryKey(
            "encryption",
            .choice(names(FeatureSpec.EncryptionProvider.self)),
            "Encryption of secrets in etcd; default secretbox."
        ),
        InventoryKey(
            "audit",
            .choice(names(FeatureSpec.AuditPolicy.self)),
            "Audit policy of the API server; default minimal."
        ),
        InventoryKey(
            "proxyMode",
            .choice(names(FeatureSpec.ProxyMode.self)),
            "kube-proxy's backend; nftables from 1.33; default iptables."
        ),
        InventoryKey(
            "disableSwap",
            .boolean,
            "Turn swap off now and for good; default false, and swap refuses the host."
        ),
        InventoryKey(
            "alwaysPullImages",
            .boolean,
            "Ask the registry each time that a pod starts; not with images.preload; default false."
        ),
        InventoryKey(
            "staticTokenFile",
            .text(.localPath),
            "Static token file for the API server; warned about.",
            secret: true
        ),
        InventoryKey("abacPolicyFile", .text(.localPath), "ABAC policy file for the API server; warned about."),
    ])

    static let etcd = InventoryObject([
        InventoryKey("dataDirectory", .text(.remotePath), "Default /var/lib/etcd."),
        InventoryKey(
            "quotaBackendBytes",
            .integer(1_073_741_824...17_179_869_184),
            "Size limit of the database; default 2 GiB."
        ),
        InventoryKey("heartbeatMilliseconds", .integer(10...10_000), "Default 100."),
        InventoryKey("electionMilliseconds", .integer(100...50_000), "At least five heartbeats; default 1000."),
        InventoryKey("allowEvenMembers", .boolean, "Accept two members, which tolerate no failure."),
    ])

    static let dns = InventoryObject([
        InventoryKey("provider", .choice(names(DNSSpec.Provider.self)), "Default coredns."),
        InventoryKey("replicas", .integer(1...100), "Default 2, or 1 with a single worker."),
        InventoryKey("upstreams", .list(.text(.address)), "Resolvers for outside names; none: such names are refused."),
    ])

    static let runtime = InventoryObject([
        InventoryKey(
            "kind",
            .choice(names(RuntimeSpec.Kind.self)),
            "docker only below Kubernetes 1.24; default containerd."
        ),
        InventoryKey("cgroupDriver", .choice(names(RuntimeSpec.CgroupDriver.self)), "Default systemd."),
        InventoryKey("restrictOOMScoreAdj", .boolean, "For machines that refuse a negative oom_score_adj."),
        InventoryKey("skipConntrackSysctls", .boolean, "For machines without conntrack sysctls."),
    ])

    static let loadBalancer = InventoryObject([
        InventoryKey(
            "virtualAddress",
            .text(.address),
            "With two load balancers: the address that moves between them."
        ),
        InventoryKey("interface", .text(.interfaceName), "Interface that carries virtualAddress; default eth0."),
        InventoryKey("services", .list(.object(service)), "NodePorts exposed through the load balancer."),
    ])

    static let service = InventoryObject([
        InventoryKey("name", .text(.name), "Name of the frontend.", required: true),
        InventoryKey("port", .integer(1...65535), "Port on the load balancer.", required: true),
        InventoryKey("nodePort", .integer(1...65535), "Port on the workers.", required: true),
    ])

    static let pki = InventoryObject([
        InventoryKey("keyAlgorithm", .text(.keyAlgorithm), "Default ecdsa-p256."),
        InventoryKey("authorityLifetime", .text(.duration), "Default 10y."),
        InventoryKey("leafLifetime", .text(.duration), "Default 180d; more than a year is a warning."),
        InventoryKey("adminLifetime", .text(.duration), "Default 30d."),
        InventoryKey(
            "lifetimes",
            .keyed(
                CatalogCertificate.Authority.allCases.map(\.rawValue) + PKISpec.leafRoles,
                values: .text(.duration)
            ),
            "Of single authorities, and of leaves by their role."
        ),
        InventoryKey(
            "directory",
            .text(.localPath),
            "The credential store; default .provision/NAME beside the inventory."
        ),
        InventoryKey("passphrase", .choice(["ask"]), "One typed at the terminal encrypts the authorities' keys."),
        InventoryKey(
            "passphraseFile",
            .text(.localPath),
            "Its first line encrypts the authorities' keys.",
            secret: true
        ),
        InventoryKey(
            "keyFile",
            .text(.localPath),
            "The whole file, 16 bytes or more, encrypts the authorities' keys.",
            secret: true
        ),
        InventoryKey(
            "authorities",
            .keyed(["kubernetes-ca", "etcd-ca", "front-proxy-ca"], values: .object(authority)),
            "Authorities made elsewhere."
        ),
    ])

    static let authority = InventoryObject([
        InventoryKey("certificateFile", .text(.localPath), "PEM.", required: true),
        InventoryKey(
            "keyFile",
            .text(.localPath),
            "PEM; without it requests go out and certificates come in.",
            secret: true
        ),
    ])

    static let artifacts = InventoryObject([
        InventoryKey("source", .choice(["upstream", "mirror", "directory", "debian"]), "Default upstream."),
        InventoryKey("url", .text(.url), "Base address of the mirror."),
        InventoryKey("path", .text(.localPath), "The directory or bundle."),
        InventoryKey("lockFile", .text(.localPath), "Default provision.lock beside the inventory."),
    ])

    static let images = InventoryObject([
        InventoryKey("pause", .text(.imageReference), "Default registry.k8s.io/pause:3.10."),
        InventoryKey("dns", .text(.imageReference), "Image of the DNS provider."),
        InventoryKey("smokeTest", .text(.imageReference), "Web server of the smoke test."),
        InventoryKey(
            "preload",
            .boolean,
            "Import archives of these images on every worker, pull nothing; the defaults are then their names."
        ),
    ])

    static let lab = InventoryObject([
        InventoryKey("name", .text(.name), "Default lab."),
        InventoryKey("subnet", .text(.cidr), "The lab's own network; default 192.168.2.0/24."),
    ])

    static let concurrency = InventoryObject([
        InventoryKey(
            "hosts",
            .integer(1...1000),
            "Hosts asked or changed at once, and connections opened; default 20."
        ),
        InventoryKey("perJumpHost", .integer(1...100), "Logins at the same time through one jump host; default 8."),
        InventoryKey("uploads", .integer(1...100), "Uploads at once; default 4."),
        InventoryKey("relay", .boolean, "Hosts take large files from each other; default false."),
    ])

    static func names<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> [String]
    where Choice.RawValue == String {
        Choice.allCases.map(\.rawValue)
    }
}
