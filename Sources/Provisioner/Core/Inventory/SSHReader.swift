/// Merges the cluster's ssh block with a host's own, key by key.
struct SSHReader {
    let cluster: LocatedValue?
    let lab: LabPaths?
    let paths: PathResolver
    let defaultPolicy: SSHEndpoint.HostKeyPolicy

    func read(host: String, address: String, own: LocatedValue?) -> (endpoint: SSHEndpoint, secrets: SSHSecretSources) {
        let layers = [own, cluster].compactMap { $0 }
        var endpoint = connection(name: host, address: address, layers)
        if let lab { apply(lab, to: &endpoint, layers) }
        let jumps = value("jumpHosts", layers)?.items ?? []
        endpoint.jumps = jumps.map(jump)
        endpoint.transport = value("transport", layers)?.text.flatMap(SSHEndpoint.TransportChoice.init) ?? .auto
        if let seconds = value("connectTimeoutSeconds", layers)?.text.flatMap({ Int($0) }) {
            endpoint.connectTimeout = .seconds(seconds)
            endpoint.leftOpen.remove(.connectTimeout)
        }
        let sudo = value("sudo", layers)
        endpoint.privilege = usesSudo(sudo, user: endpoint.user) ? .sudo : .direct
        let secrets = SSHSecretSources(
            passphraseFile: value("passphraseFile", layers)?.text.map(paths.absolute),
            sudoPassword: sudoPassword(sudo),
            jumpPassphraseFiles: jumps.map { $0["passphraseFile"]?.text.map(paths.absolute) }
        )
        return (endpoint, secrets)
    }

    private func value(_ key: String, _ layers: [LocatedValue]) -> LocatedValue? {
        layers.lazy.compactMap { $0[key] }.first
    }

    private func connection(name: String, address: String, _ layers: [LocatedValue]) -> SSHEndpoint {
        func files(_ key: String) -> [String] {
            value(key, layers)?.items.compactMap(\.text).map(paths.absolute) ?? []
        }
        let policy = value("hostKeyPolicy", layers)?.text.flatMap(SSHEndpoint.HostKeyPolicy.init)
        return SSHEndpoint(
            name: name,
            address: address,
            port: value("port", layers)?.text.flatMap { UInt16($0) },
            user: value("user", layers)?.text,
            identityFiles: files("identityFiles"),
            useAgent: value("agent", layers)?.text != "false",
            knownHostsFiles: files("knownHosts"),
            hostKeyPolicy: policy ?? defaultPolicy,
            pinnedHostKeys: value("hostKeys", layers)?.items.compactMap(\.text) ?? [],
            honourSSHConfig: value("config", layers)?.text != "false",
            leftOpen: policy == nil ? [.hostKeyPolicy, .connectTimeout, .keepAlive] : [.connectTimeout, .keepAlive]
        )
    }

    /// The lab's machines know only the lab's key, whatever the user's own configuration says.
    private func apply(_ lab: LabPaths, to endpoint: inout SSHEndpoint, _ layers: [LocatedValue]) {
        if endpoint.user == nil { endpoint.user = "root" }
        if endpoint.identityFiles.isEmpty { endpoint.identityFiles = [lab.identityFile] }
        if endpoint.knownHostsFiles.isEmpty { endpoint.knownHostsFiles = [lab.knownHostsFile] }
        if value("agent", layers) == nil { endpoint.useAgent = false }
        if value("hostKeyPolicy", layers) == nil { endpoint.hostKeyPolicy = .yes }
        endpoint.leftOpen = []
        endpoint.honourSSHConfig = value("config", layers)?.text == "true"
    }

    private func jump(_ written: LocatedValue) -> SSHEndpoint {
        guard let text = written.text, let parts = TextRules.jumpHost(text) else {
            let address = written["address"]?.text ?? ""
            return connection(name: address, address: address, [written])
        }
        var endpoint = connection(name: parts.host, address: parts.host, [])
        endpoint.user = parts.user
        endpoint.port = parts.port
        return endpoint
    }

    private func usesSudo(_ sudo: LocatedValue?, user: String?) -> Bool {
        guard let sudo else { return user != nil && user != "root" }
        return sudo.text != "none"
    }

    private func sudoPassword(_ sudo: LocatedValue?) -> SSHSecretSources.SudoPassword {
        if let file = sudo?["passwordFile"]?.text { return .file(path: paths.absolute(file)) }
        return sudo?.text == "ask" ? .ask : .none
    }
}
