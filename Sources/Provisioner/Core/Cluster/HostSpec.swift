package import Templates

/// One host, fully resolved: nothing here is optional that a default could fill.
package struct HostSpec: Sendable, Equatable {
    /// A taint put on the Node object: `key=value:Effect`.
    package struct Taint: Sendable, Hashable {
        package var key: String
        package var value: String
        /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
        package var effect: String

        package init(key: String, value: String, effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    /// The inventory's name of the host; unique, also the lane's name in plans.
    package var name: String
    /// The Kubernetes node name (RFC 1123, lower case) = CN of its kubelet = host name.
    package var nodeName: String
    package var roles: Set<Role>
    /// The address which other hosts of the cluster use.
    package var internalAddress: IPv4Address
    /// Of its processor: what is sent to it is built for this one.
    package var architecture: MachineArchitecture
    /// Only on workers: the node's pod network, disjoint from every other one.
    package var podCIDR: CIDR?
    package var labels: [String: String]
    package var taints: [Taint]
    package var ssh: SSHEndpoint
    /// Files and prompts that hold the connection's secrets.
    package var sshSecrets: SSHSecretSources
    /// Flags added to or replacing rendered ones; cluster, role and host level already merged, host strongest.
    package var extraFlags: [ComponentName: [String: String]]
    /// Configuration fields as an object that is laid over the rendered one, merged in the same way.
    package var extraConfiguration: [ComponentName: OrderedValue]

    package init(
        name: String,
        nodeName: String,
        roles: Set<Role>,
        internalAddress: IPv4Address,
        architecture: MachineArchitecture = .amd64,
        podCIDR: CIDR? = nil,
        labels: [String: String] = [:],
        taints: [Taint] = [],
        ssh: SSHEndpoint,
        sshSecrets: SSHSecretSources = SSHSecretSources(),
        extraFlags: [ComponentName: [String: String]] = [:],
        extraConfiguration: [ComponentName: OrderedValue] = [:]
    ) {
        self.name = name
        self.nodeName = nodeName
        self.roles = roles
        self.internalAddress = internalAddress
        self.architecture = architecture
        self.podCIDR = podCIDR
        self.labels = labels
        self.taints = taints
        self.ssh = ssh
        self.sshSecrets = sshSecrets
        self.extraFlags = extraFlags
        self.extraConfiguration = extraConfiguration
    }

    package func has(_ role: Role) -> Bool { roles.contains(role) }
}
