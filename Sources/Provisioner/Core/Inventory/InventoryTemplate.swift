import Templates

/// The text that `provision init` writes: a commented inventory from five answers.
package struct InventoryTemplate: Sendable, Equatable {
    package var name: String
    package var kubernetes: String
    package var loadBalancers: [String]
    /// Moves between them, where there are two or more.
    package var virtualAddress: String?
    package var controllers: [String]
    package var workers: [String]
    /// Login name, `nil` to leave it to ssh.
    package var user: String?
    /// Path or address of the schema for the editor's modeline.
    package var schema: String

    package init(
        name: String = "kubernetes-the-hard-way",
        kubernetes: String = VersionDefaults.kubernetes.description,
        loadBalancers: [String] = ["192.168.2.8"],
        virtualAddress: String? = nil,
        controllers: [String] = ["192.168.2.2", "192.168.2.3", "192.168.2.4"],
        workers: [String] = ["192.168.2.5", "192.168.2.6", "192.168.2.7"],
        user: String? = "root",
        schema: String = "inventory.schema.json"
    ) {
        self.name = name
        self.kubernetes = kubernetes
        self.loadBalancers = loadBalancers
        self.virtualAddress = virtualAddress
        self.controllers = controllers
        self.workers = workers
        self.user = user
        self.schema = schema
    }

    /// The whole document; decodes without change when the answers are valid.
    package var text: String {
        """
        # yaml-language-server: $schema=\(schema)
        #
        # Inventory of one Kubernetes cluster. Next steps:
        #   provision check FILE   looks at the hosts, changes nothing
        #   provision plan FILE    shows what apply would do
        #   provision apply FILE   builds the cluster; run it again at any time
        # `provision schema` prints every key with its meaning; > inventory.schema.json is for the editor's line above.
        apiVersion: provision/v1
        name: \(name)

        versions:
          kubernetes: \(kubernetes)   # the versions of etcd, containerd and the others follow from it

        network:
          serviceCIDR: 10.32.0.0/24   # addresses of services; clusterDNS is its tenth
          podCIDR: 10.200.0.0/16      # each worker gets a /24 of it, or what its podCIDR says
          clusterDomain: cluster.local

        ssh:
        \(userLine)
          # identityFiles: [~/.ssh/id_ed25519]
          # jumpHosts: [admin@bastion.example.org]
          # sudo: passwordless        # none, passwordless, ask, or {passwordFile: PATH}

        # Choices that change what is configured.
        features:
          encryption: secretbox       # of secrets in etcd
          audit: minimal              # minimal, hardened or none
          # disableSwap: true         # otherwise a host with swap is refused

        # pki:
        #   passphrase: ask           # encrypts the authorities' keys here; or, in its place,
        #   passphraseFile: PATH      # the first line of a file, or
        #   keyFile: PATH             # a whole file

        \(loadBalancer)

        # A host may be in several lists; then its address is written once and the name alone elsewhere.
        hosts:
        \(list("loadBalancers", "lb", loadBalancers))
          # etcd runs on the controllers unless an `etcd` list names other hosts.
        \(list("controllers", "controller", controllers))
        \(list("workers", "worker", workers))

        """
    }

    private var loadBalancer: String {
        let services = [
            "  services:                 # NodePorts reachable through the load balancer",
            "    - {name: nginx, port: 8080, nodePort: 30080}",
        ].map { "# \($0)" }
        guard let virtualAddress else { return (["# loadBalancer:"] + services).joined(separator: "\n") }
        let own = [
            "loadBalancer:", "  virtualAddress: \(virtualAddress)   # moves between the load balancers (keepalived)",
            "  # interface: eth0           # that carries it on each of them",
        ]
        return (own + services).joined(separator: "\n")
    }

    private var userLine: String { user.map { "  user: \($0)" } ?? "  # user: admin" }

    private func list(_ key: String, _ prefix: String, _ addresses: [String]) -> String {
        guard !addresses.isEmpty else { return "  \(key): []" }
        let hosts = addresses.enumerated().map { "    - name: \(prefix)-\($0.offset)\n      address: \($0.element)" }
        return "  \(key):\n" + hosts.joined(separator: "\n")
    }
}
