package import Templates

/// Key and known_hosts of one lab, kept in the lab's own state.
package struct LabPaths: Sendable, Equatable {
    package var identityFile: String
    package var knownHostsFile: String

    package init(identityFile: String, knownHostsFile: String) {
        self.identityFile = identityFile
        self.knownHostsFile = knownHostsFile
    }
}

/// What an inventory needs from outside, so that reading it stays a pure function.
package struct InventoryContext: Sendable {
    /// Values for `${NAME}`, and `HOME` for paths that start with `~/`.
    package var environment: [String: String]
    /// Files of a lab by its name.
    package var labPaths: @Sendable (String) -> LabPaths
    /// Why a component of a version does not take a flag; `nil` when it does.
    package var flagProblem: @Sendable (ComponentName, String, KubernetesVersion) -> String?
    /// Why a playbook's file cannot be used; `nil` when it can.
    package var hookProblem: @Sendable (String) -> String?
    /// Pod networks that workers have already, by host, from the credential store at a path.
    package var podNetworks: @Sendable (String) -> [String: CIDR]
    /// Where the inventory is silent: `ask` on a terminal, otherwise `yes`.
    package var defaultHostKeyPolicy: SSHEndpoint.HostKeyPolicy
    /// The operator's machine's, and that of every host which says nothing else.
    package var architecture: MachineArchitecture

    package init(
        environment: [String: String] = [:],
        labPaths: @escaping @Sendable (String) -> LabPaths,
        flagProblem: @escaping @Sendable (ComponentName, String, KubernetesVersion) -> String? = { _, _, _ in nil },
        hookProblem: @escaping @Sendable (String) -> String? = { _ in nil },
        podNetworks: @escaping @Sendable (String) -> [String: CIDR] = { _ in [:] },
        defaultHostKeyPolicy: SSHEndpoint.HostKeyPolicy = .yes,
        architecture: MachineArchitecture = .amd64
    ) {
        self.environment = environment
        self.labPaths = labPaths
        self.flagProblem = flagProblem
        self.hookProblem = hookProblem
        self.podNetworks = podNetworks
        self.defaultHostKeyPolicy = defaultHostKeyPolicy
        self.architecture = architecture
    }
}
