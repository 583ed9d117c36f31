/// Keys of hosts, roles and the ssh block.
enum HostKeys {
    static let roleNames = ["loadBalancers", "controllers", "etcd", "workers", "clients"]

    static let hosts = InventoryObject([
        InventoryKey("loadBalancers", hostList, "haproxy in front of the API; two need loadBalancer.virtualAddress."),
        InventoryKey("controllers", hostList, "API server, controller-manager and scheduler.", required: true),
        InventoryKey("etcd", hostList, "etcd members; default: the controllers."),
        InventoryKey("workers", hostList, "Runtime, kubelet, kube-proxy."),
        InventoryKey("clients", hostList, "kubectl and the admin kubeconfig."),
        InventoryKey("client", .either([.text(.name), .object(host)]), "The same for one host."),
    ])

    /// A plain name refers to a host that another list describes.
    static let hostList = InventoryShape.list(.either([.text(.name), .object(host)]))

    static let host = InventoryObject([
        InventoryKey("name", .text(.name), "Unique; also the default of nodeName.", required: true),
        InventoryKey("address", .text(.addressOrName), "What SSH connects to."),
        InventoryKey("internalAddress", .text(.address), "What other hosts of the cluster use; default: address."),
        InventoryKey("nodeName", .text(.nodeName), "Kubernetes node name; default: name."),
        InventoryKey(
            "architecture",
            .choice(InventoryKeys.names(MachineArchitecture.self)),
            "Of its processor; default: that of the machine that runs provision."
        ),
        InventoryKey(
            "podCIDR",
            .text(.cidr),
            "The worker's pod network; default: allocated at its first apply, and kept."
        ),
        InventoryKey("labels", .table(keys: .labelKey, values: .text(.labelValue)), "Labels of the Node object."),
        InventoryKey("taints", .list(.text(.taint)), "Taints of the Node object, key=value:Effect."),
        InventoryKey("ssh", .object(ssh), "Differences from the cluster's ssh block."),
        InventoryKey("extraFlags", flags, "As at the top level; strongest here."),
        InventoryKey("extraConfiguration", configuration, "As at the top level; strongest here."),
    ])

    static let role = InventoryObject([
        InventoryKey("labels", .table(keys: .labelKey, values: .text(.labelValue)), "Labels of all hosts of the role."),
        InventoryKey("taints", .list(.text(.taint)), "Taints of all hosts of the role."),
        InventoryKey("extraFlags", flags, "As at the top level; stronger here."),
        InventoryKey("extraConfiguration", configuration, "As at the top level; stronger here."),
    ])

    /// Every component, so that one without flags can be told where its settings go.
    static let flags = flagShape(of: ComponentName.allCases)

    static func flagShape(of components: [ComponentName]) -> InventoryShape {
        .keyed(components.map(\.rawValue), values: .table(keys: .flagName, values: .text(.flagValue)))
    }

    static let configuration = fieldShape(of: ComponentName.allCases)

    /// A field is a dotted path to a value, or the name of a list or a table.
    static func fieldShape(of components: [ComponentName]) -> InventoryShape {
        let value = InventoryShape.either([
            .text(.fieldValue), .list(.literal), .table(keys: .fieldPath, values: .literal),
        ])
        return .keyed(components.map(\.rawValue), values: .table(keys: .fieldPath, values: value))
    }

    /// What a connection through a jump host and one to a host have in common.
    private static let connection = [
        InventoryKey("user", .text(.userName), "Login name; default: as ssh decides."),
        InventoryKey("port", .integer(1...65535), "Default: as ssh decides."),
        InventoryKey(
            "identityFiles",
            .list(.text(.localPath)),
            "Private keys, tried in this order; the ssh program then asks the agent for no others."
        ),
        InventoryKey("passphraseFile", .text(.localPath), "Its first line opens the private keys.", secret: true),
        InventoryKey("agent", .boolean, "Ask the SSH agent for keys; default true."),
        InventoryKey("knownHosts", .list(.text(.localPath)), "known_hosts files; default OpenSSH's own."),
        InventoryKey(
            "hostKeyPolicy",
            .choice(InventoryKeys.names(SSHEndpoint.HostKeyPolicy.self)),
            "As StrictHostKeyChecking of ssh_config(5); default what is set there, else ask on a terminal, otherwise yes."
        ),
        InventoryKey("hostKeys", .list(.text(.fingerprint)), "Pinned host keys; nothing else is accepted."),
        InventoryKey("config", .boolean, "Honour ~/.ssh/config; default true."),
    ]

    static let ssh = InventoryObject(
        connection + [
            InventoryKey(
                "jumpHosts",
                .list(.either([.text(.jumpHost), .object(jump)])),
                "Hosts to go through, first hop first."
            ),
            InventoryKey(
                "transport",
                .choice(InventoryKeys.names(SSHEndpoint.TransportChoice.self)),
                "Default auto: libssh2, and the ssh program where libssh2 cannot."
            ),
            InventoryKey(
                "sudo",
                .either([.choice(["none", "passwordless", "ask"]), .object(sudo)]),
                "How root is reached; default none for root, passwordless for other users."
            ),
            InventoryKey("connectTimeoutSeconds", .integer(1...600), "Default that of ssh_config(5), else 10."),
        ]
    )

    static let sudo = InventoryObject([
        InventoryKey(
            "passwordFile",
            .text(.localPath),
            "Its first line is the password for sudo.",
            required: true,
            secret: true
        )
    ])

    static let jump = InventoryObject(
        [InventoryKey("address", .text(.addressOrName), "What SSH connects to.", required: true)] + connection
    )
}
