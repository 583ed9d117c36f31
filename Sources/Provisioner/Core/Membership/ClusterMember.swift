import Templates

/// One host that is, or was, part of a cluster, with all that is needed to reach it once no inventory names it any more.
package struct ClusterMember: Sendable, Equatable, Codable {
    package var name: String
    package var nodeName: String
    /// Raw values of `Role`.
    package var roles: [String]
    package var address: String
    package var podCIDR: String?
    /// Raw value of `MachineArchitecture`; older records have none.
    package var architecture: String?
    /// `/etc/machine-id` when it was last seen.
    package var machineID: String?
    package var ssh: Connection

    /// An SSH endpoint without its secrets.
    package struct Connection: Sendable, Equatable, Codable {
        package var name: String
        package var address: String
        package var port: UInt16?
        package var user: String?
        package var identityFiles: [String]
        package var useAgent: Bool
        package var agentSocket: String?
        package var identitiesOnly: Bool
        package var knownHostsFiles: [String]
        package var hostKeyPolicy: String
        package var pinnedHostKeys: [String]
        package var hostKeyAlias: String?
        package var jumps: [Connection]
        package var transport: String
        package var usesSudo: Bool
        package var honourSSHConfig: Bool
        package var configFile: String?
        /// What ssh's own configuration decides; an older record leaves it nothing.
        package var leftOpen: [String]?
        /// Files that hold secrets, never what is in them.
        package var passphraseFile: String?
        package var sudoPasswordFile: String?
        package var asksSudoPassword: Bool
    }

    package init(_ host: HostSpec, machineID: String?) {
        name = host.name
        nodeName = host.nodeName
        roles = host.roles.sorted().map(\.rawValue)
        address = host.internalAddress.description
        podCIDR = host.podCIDR?.description
        architecture = host.architecture.rawValue
        self.machineID = machineID
        ssh = Connection(host.ssh, host.sshSecrets.passphraseFile)
        for (index, file) in host.sshSecrets.jumpPassphraseFiles.enumerated() where index < ssh.jumps.count {
            ssh.jumps[index].passphraseFile = file
        }
        switch host.sshSecrets.sudoPassword {
        case .none: break
        case .ask: ssh.asksSudoPassword = true
        case .file(let path): ssh.sudoPasswordFile = path
        }
    }

    package var roleSet: Set<Role> { Set(roles.compactMap(Role.init)) }

    /// As an inventory would describe it; `nil` where the record is damaged.
    package var host: HostSpec? {
        guard let address = IPv4Address(address) else { return nil }
        return HostSpec(
            name: name,
            nodeName: nodeName,
            roles: roleSet,
            internalAddress: address,
            architecture: architecture.flatMap { MachineArchitecture(rawValue: $0) } ?? .amd64,
            podCIDR: podCIDR.flatMap { CIDR($0) },
            ssh: ssh.endpoint,
            sshSecrets: SSHSecretSources(
                passphraseFile: ssh.passphraseFile,
                sudoPassword: ssh.sudoPasswordFile.map { .file(path: $0) } ?? (ssh.asksSudoPassword ? .ask : .none),
                jumpPassphraseFiles: ssh.jumps.map(\.passphraseFile)
            )
        )
    }
}

extension ClusterMember.Connection {
    init(_ endpoint: SSHEndpoint, _ passphraseFile: String?) {
        name = endpoint.name
        address = endpoint.address
        port = endpoint.port
        user = endpoint.user
        identityFiles = endpoint.identityFiles
        useAgent = endpoint.useAgent
        agentSocket = endpoint.agentSocket
        identitiesOnly = endpoint.identitiesOnly
        knownHostsFiles = endpoint.knownHostsFiles
        hostKeyPolicy = endpoint.hostKeyPolicy.rawValue
        pinnedHostKeys = endpoint.pinnedHostKeys
        hostKeyAlias = endpoint.hostKeyAlias
        jumps = endpoint.jumps.map { ClusterMember.Connection($0, nil) }
        transport = endpoint.transport.rawValue
        usesSudo = endpoint.privilege != .direct
        honourSSHConfig = endpoint.honourSSHConfig
        configFile = endpoint.configFile
        leftOpen = endpoint.leftOpen.map(\.rawValue).sorted()
        self.passphraseFile = passphraseFile
        sudoPasswordFile = nil
        asksSudoPassword = false
    }

    var endpoint: SSHEndpoint {
        SSHEndpoint(
            name: name,
            address: address,
            port: port,
            user: user,
            identityFiles: identityFiles,
            useAgent: useAgent,
            agentSocket: agentSocket,
            identitiesOnly: identitiesOnly,
            knownHostsFiles: knownHostsFiles,
            hostKeyPolicy: SSHEndpoint.HostKeyPolicy(rawValue: hostKeyPolicy) ?? .yes,
            pinnedHostKeys: pinnedHostKeys,
            hostKeyAlias: hostKeyAlias,
            jumps: jumps.map(\.endpoint),
            transport: SSHEndpoint.TransportChoice(rawValue: transport) ?? .auto,
            privilege: usesSudo ? .sudo : .direct,
            honourSSHConfig: honourSSHConfig,
            configFile: configFile,
            leftOpen: Set((leftOpen ?? []).compactMap(SSHEndpoint.Setting.init))
        )
    }
}
