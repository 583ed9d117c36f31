import ProvisionCore
import Templates

/// The command lines of `ssh` that say what an endpoint says; what it leaves open is ssh_config's.
struct OpenSSHCommand {
    let endpoint: SSHEndpoint
    /// Private to one connection: the control socket, logs, seen host keys.
    let directory: String
    /// Whether every hop writes down the key that its server presents.
    var recordsKeys = false
    /// Key types, by hop, that a server has but nobody has pinned.
    var rejected: [Int: Set<String>] = [:]
    /// Hops whose policy accepts even a changed key.
    var trusting: Set<Int> = []

    var socket: String { "\(directory)/master" }

    /// The jump hosts in their order, then the host itself.
    var hops: [SSHEndpoint] { endpoint.jumps + [endpoint] }

    /// Where a hop's `ssh` writes what it has to say.
    func log(_ hop: Int) -> String { "\(directory)/hop-\(hop).log" }

    /// Where a hop's server's keys are written down.
    func keys(_ hop: Int) -> String { "\(directory)/hop-\(hop).keys" }

    /// Opens the master connection, then goes to the background; hours without a command end it, should we die.
    var master: [String] {
        ["-M", "-N", "-f"] + options(endpoint.jumps.count)
            + ["-o", "ControlPath=\(socket)", "-o", "ControlPersist=14400", "--", endpoint.address]
    }

    /// Runs a command through the master, never by a connection of its own.
    func run(_ line: String, log: String) -> [String] {
        ["-F", "none", "-S", socket, "-T", "-E", log]
            + Self.named(["ControlMaster=no", "ProxyCommand=false", "BatchMode=yes", "LogLevel=DEBUG2"])
            + ["--", "master", line]
    }

    private func options(_ hop: Int) -> [String] {
        let endpoint = hops[hop]
        var words = endpoint.configFile.map { ["-F", $0] } ?? (endpoint.honourSSHConfig ? [] : ["-F", "none"])
        words += ["-E", log(hop)] + Self.named(connection(endpoint) + hostKeys(endpoint, hop) + identities(endpoint))
        if let port = endpoint.port { words += ["-p", String(port)] }
        if let user = endpoint.user { words += ["-l", user] }
        if let proxy = proxy(before: hop) { words += ["-o", "ProxyCommand=\(proxy)"] }
        return words
    }

    private func connection(_ endpoint: SSHEndpoint) -> [String] {
        [
            "LogLevel=INFO", "ConnectTimeout=\(endpoint.connectTimeout.wholeSeconds)",
            "ServerAliveInterval=\(endpoint.keepAlive.wholeSeconds)",
            "ServerAliveCountMax=\(endpoint.keepAliveCount)",
            "RemoteCommand=none", "RequestTTY=no", "PermitLocalCommand=no", "ClearAllForwardings=yes",
            "ForwardAgent=no", "ForwardX11=no",
        ]
    }

    private func hostKeys(_ endpoint: SSHEndpoint, _ hop: Int) -> [String] {
        let isPinned = !endpoint.pinnedHostKeys.isEmpty
        // What a policy accepts beyond known_hosts is decided, and written down, by us.
        var options = ["StrictHostKeyChecking=\(trusting.contains(hop) ? "no" : "yes")"]
        let files = isPinned ? ["/dev/null"] : endpoint.knownHostsFiles
        if !files.isEmpty {
            options.append("UserKnownHostsFile=\(files.map(Self.quoted).joined(separator: " "))")
            options.append("GlobalKnownHostsFile=/dev/null")
        }
        if let types = rejected[hop] {
            // With its certificates; ssh-rsa signs under other names.
            let names = types.flatMap { $0 == "ssh-rsa" ? ["rsa-sha2-*", "ssh-rsa*"] : ["\($0)*"] }
            options.append("HostKeyAlgorithms=-\(names.sorted().joined(separator: ","))")
        }
        if let alias = endpoint.hostKeyAlias { options.append("HostKeyAlias=\(alias)") }
        if isPinned || recordsKeys { options.append("KnownHostsCommand=\(keyCommand(endpoint, hop))") }
        return options
    }

    /// Writes the presented key down, and vouches for it when it is pinned (ssh_config(5), KnownHostsCommand).
    private func keyCommand(_ endpoint: SSHEndpoint, _ hop: Int) -> String {
        let pins = (["none"] + endpoint.pinnedHostKeys.filter(Self.isFingerprint)).joined(separator: "|")
        let vouch = "case '%f' in \(pins)) echo '%H %t %K';; esac"
        return "/bin/sh -c \"echo '%t %K' >> \(keys(hop)); \(vouch)\""
    }

    private func identities(_ endpoint: SSHEndpoint) -> [String] {
        var options =
            endpoint.passphrase == nil
            ? ["BatchMode=yes"]
            : [
                "BatchMode=no", "PasswordAuthentication=no", "KbdInteractiveAuthentication=no",
                "NumberOfPasswordPrompts=1",
            ]
        if !endpoint.identityFiles.isEmpty || endpoint.identitiesOnly { options.append("IdentitiesOnly=yes") }
        options += endpoint.identityFiles.map { "IdentityFile=\(Self.quoted($0))" }
        if !endpoint.useAgent {
            options.append("IdentityAgent=none")
        } else if let path = endpoint.agentSocket {
            options.append("IdentityAgent=\(Self.quoted(path))")
        }
        return options
    }

    /// Nested `ssh -W`, so that each jump host has its own keys and its own host-key check.
    private func proxy(before hop: Int) -> String? {
        guard hop > 0 else { return nil }
        let last = hop - 1
        let words = options(last) + Self.named(["ControlMaster=no", "ControlPath=none"]) + ["--", hops[last].address]
        let escaped = words.map { Self.shellWord($0.replacing("%", with: "%%")) }.joined(separator: " ")
        return "env \(AskPass.hop(last)) ssh -W '[%h]:%p' \(escaped)"
    }

    /// `ssh` gives its proxy's command to the login shell of whoever runs this.
    private static func shellWord(_ word: String) -> String {
        LoginShellQuoting.quote(word) ?? ShellQuoting.quote(word)
    }

    /// Whether it can stand in a shell's pattern and mean itself.
    private static func isFingerprint(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "+/:=".utf8.contains(byte)
        }
    }

    private static func named(_ options: [String]) -> [String] { options.flatMap { ["-o", $0] } }

    /// A path in which `%` means itself.
    private static func literal(_ path: String) -> String { path.replacing("%", with: "%%") }

    /// One of several words of an option.
    private static func quoted(_ path: String) -> String {
        "\"" + literal(path).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
