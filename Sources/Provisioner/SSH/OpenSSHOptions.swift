import ProvisionCore

/// The options that say to `ssh` what the endpoint says; what the endpoint leaves open is ssh_config's.
enum OpenSSHOptions {
    static func arguments(_ endpoint: SSHEndpoint, controlPath: String) -> [String] {
        var options = [
            "BatchMode=yes", "ControlPath=\(controlPath)", "ControlMaster=auto", "ControlPersist=no",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=3", "StrictHostKeyChecking=\(strictness(endpoint.hostKeyPolicy))",
            "ConnectTimeout=\(max(1, endpoint.connectTimeout.components.seconds))",
        ]
        if !endpoint.knownHostsFiles.isEmpty {
            options.append("UserKnownHostsFile=\(endpoint.knownHostsFiles.joined(separator: " "))")
        }
        if !endpoint.identityFiles.isEmpty { options.append("IdentitiesOnly=yes") }
        if !endpoint.useAgent { options.append("IdentityAgent=none") }
        var words = endpoint.honourSSHConfig ? [] : ["-F", "none"]
        words += options.flatMap { ["-o", $0] } + endpoint.identityFiles.flatMap { ["-i", $0] }
        if let port = endpoint.port { words += ["-p", String(port)] }
        if let user = endpoint.user { words += ["-l", user] }
        if !endpoint.jumps.isEmpty { words += ["-o", "ProxyCommand=\(proxy(endpoint.jumps))"] }
        return words
    }

    /// Nested `ssh -W`, so that each jump host has its own keys and its own host-key check.
    private static func proxy(_ jumps: [SSHEndpoint]) -> String {
        guard let last = jumps.last else { return "none" }
        var words =
            ["ssh", "-W", "%h:%p"]
            + arguments(last, controlPath: "none").map { $0 == "ControlMaster=auto" ? "ControlMaster=no" : $0 }
        let before = Array(jumps.dropLast())
        if !before.isEmpty { words += ["-o", "ProxyCommand=\(proxy(before).replacing("%", with: "%%"))"] }
        words.append(last.address)
        return words.map(quote).joined(separator: " ")
    }

    private static func quote(_ word: String) -> String {
        "'" + word.replacing("'", with: "'\\''") + "'"
    }

    private static func strictness(_ policy: SSHEndpoint.HostKeyPolicy) -> String {
        switch policy {
        case .yes, .ask: "yes"
        case .no: "no"
        case .acceptNew: "accept-new"
        }
    }
}
