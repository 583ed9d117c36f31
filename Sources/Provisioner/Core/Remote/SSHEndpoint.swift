package import Templates

/// Where and as whom to reach a host over SSH: everything that a transport needs to know, already resolved.
package struct SSHEndpoint: Sendable, Equatable {
    /// Which implementation carries the connection.
    package enum TransportChoice: String, Sendable, CaseIterable { case auto, libssh2, openssh, local }
    /// ssh_config(5) StrictHostKeyChecking.
    package enum HostKeyPolicy: String, Sendable, CaseIterable { case yes, ask, no, acceptNew = "accept-new" }
    /// What ssh_config says where the inventory is silent.
    package enum Setting: String, Sendable, Hashable { case hostKeyPolicy, connectTimeout, keepAlive }
    /// How root is reached after login.
    package enum Privilege: Sendable, Equatable {
        case direct
        case sudo
        case sudoPassword(Secret<String>)
    }

    /// The inventory's name of the host, for messages.
    package var name: String
    /// Address or alias given to SSH.
    package var address: String
    /// `nil` where the inventory is silent: ssh_config decides, then the protocol's default.
    package var port: UInt16?
    package var user: String?
    /// Private key files, tried in this order before the agent.
    package var identityFiles: [String]
    package var passphrase: Secret<String>?
    package var useAgent: Bool
    /// The agent's socket; `nil` means the one that SSH_AUTH_SOCK names.
    package var agentSocket: String?
    /// Whether the agent may offer only keys that stand in `identityFiles`.
    package var identitiesOnly: Bool
    /// known_hosts files; empty means OpenSSH's own defaults.
    package var knownHostsFiles: [String]
    package var hostKeyPolicy: HostKeyPolicy
    /// Pinned host key fingerprints (`SHA256:...`); when given, nothing else is accepted.
    package var pinnedHostKeys: [String]
    /// The name under which the host stands in known_hosts, without a port; `nil` means its address.
    package var hostKeyAlias: String?
    /// Jump hosts, first hop first.
    ///
    /// An indirect recursion: each has its own keys and its own host-key check.
    package var jumps: [SSHEndpoint]
    package var transport: TransportChoice
    package var privilege: Privilege
    /// Whether the user's ~/.ssh/config applies (as `ssh -G` evaluates it).
    package var honourSSHConfig: Bool
    /// Another ssh_config(5) in place of the user's and the system's; `nil` means those.
    package var configFile: String?
    package var connectTimeout: Duration
    /// How long the peer may be silent before it is asked for a sign of life.
    package var keepAlive: Duration
    /// Questions without an answer after which it is dead; at least one.
    package var keepAliveCount: Int
    /// Which of these are mere defaults, so that ssh_config decides.
    package var leftOpen: Set<Setting>

    package init(
        name: String,
        address: String,
        port: UInt16? = nil,
        user: String? = nil,
        identityFiles: [String] = [],
        passphrase: Secret<String>? = nil,
        useAgent: Bool = true,
        agentSocket: String? = nil,
        identitiesOnly: Bool = false,
        knownHostsFiles: [String] = [],
        hostKeyPolicy: HostKeyPolicy = .yes,
        pinnedHostKeys: [String] = [],
        hostKeyAlias: String? = nil,
        jumps: [SSHEndpoint] = [],
        transport: TransportChoice = .auto,
        privilege: Privilege = .direct,
        honourSSHConfig: Bool = true,
        configFile: String? = nil,
        connectTimeout: Duration = .seconds(10),
        keepAlive: Duration = .seconds(15),
        keepAliveCount: Int = 3,
        leftOpen: Set<Setting> = []
    ) {
        self.name = name
        self.address = address
        self.port = port
        self.user = user
        self.identityFiles = identityFiles
        self.passphrase = passphrase
        self.useAgent = useAgent
        self.agentSocket = agentSocket
        self.identitiesOnly = identitiesOnly
        self.knownHostsFiles = knownHostsFiles
        self.hostKeyPolicy = hostKeyPolicy
        self.pinnedHostKeys = pinnedHostKeys
        self.hostKeyAlias = hostKeyAlias
        self.jumps = jumps
        self.transport = transport
        self.privilege = privilege
        self.honourSSHConfig = honourSSHConfig
        self.configFile = configFile
        self.connectTimeout = connectTimeout
        self.keepAlive = keepAlive
        self.keepAliveCount = keepAliveCount
        self.leftOpen = leftOpen
    }
}
