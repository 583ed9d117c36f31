import Templates

/// Makes one host of its draft, the cluster's ssh block and the layers of settings.
struct HostResolver {
    let draft: HostDraft
    let ssh: SSHReader
    let layers: LayeredSettings
    /// Where the host says nothing.
    let architecture: MachineArchitecture

    func resolve(podCIDR: CIDR?) -> HostSpec {
        let written = draft.value("address")?.text
        let address = (draft.value("internalAddress")?.text ?? written).flatMap { IPv4Address($0) }
        let own = draft.value("architecture")?.text.flatMap { MachineArchitecture(rawValue: $0) }
        let connection = ssh.read(
            host: draft.name,
            address: written ?? address?.description ?? "",
            own: draft.value("ssh")
        )
        return HostSpec(
            name: draft.name,
            nodeName: draft.value("nodeName")?.text ?? draft.name,
            roles: draft.roles,
            internalAddress: address ?? IPv4Address(bits: 0),
            architecture: own ?? architecture,
            podCIDR: podCIDR,
            labels: layers.labels(draft),
            taints: layers.taints(draft),
            ssh: connection.endpoint,
            sshSecrets: connection.secrets,
            extraFlags: layers.flags(draft),
            extraConfiguration: layers.fields(draft)
        )
    }
}
