/// Words of other tools that stand for a key of ours, or for something that has none.
enum ForeignKeys {
    enum Meaning {
        /// Our key of the same meaning.
        case key(String)
        /// What to do instead.
        case advice(String)
    }

    /// What a word stands for beside these keys of ours: not every word is foreign everywhere.
    static func meaning(of word: String, among siblings: [String]) -> Meaning? {
        let plain = word.lowercased().filter { $0 != "-" && $0 != "_" }
        if let key = keys[plain] { return .key(key) }
        if ["identityFiles", "ssh"].contains(where: { siblings.contains($0) }), let advice = logins[plain] {
            return .advice(advice)
        }
        if ["network", "podCIDR", "kind"].contains(where: { siblings.contains($0) }), networks.contains(plain) {
            return .advice("the CNI cannot be chosen: the bridge plugin and routes between hosts are used")
        }
        return nil
    }

    private static let keys = [
        "masters": "controllers", "master": "controllers", "controlplane": "controllers",
        "controlplanes": "controllers", "servers": "controllers", "nodes": "workers", "node": "workers",
        "agents": "workers", "bastion": "jumpHosts", "bastions": "jumpHosts", "proxyjump": "jumpHosts",
        "key": "identityFiles", "keyfile": "identityFiles", "privatekey": "identityFiles",
        "privatekeyfile": "identityFiles", "sshkey": "identityFiles", "ip": "address", "ipaddress": "address",
        "hostname": "name",
    ]

    private static let logins = [
        "password": noPassword, "sshpassword": noPassword, "passwd": noPassword,
        "sudopassword": sudoPassword, "becomepassword": sudoPassword,
    ]

    private static let noPassword = "SSH has no password here: use identityFiles or an agent; for sudo: `sudo: ask`"
    private static let sudoPassword = "under `ssh:` write `sudo: ask`, or `sudo: { passwordFile: PATH }`"
    private static let networks: Set = ["cni", "cniplugin", "networkplugin", "calico", "cilium", "flannel"]
}
