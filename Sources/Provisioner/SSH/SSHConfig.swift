import Foundation
package import ProvisionCore

/// The user's ssh_config for one host, as OpenSSH itself evaluates it (`ssh -G`); the inventory's words win over it.
package enum SSHConfig {
    package struct Resolution: Sendable, Equatable {
        /// What libssh2 needs to know.
        package var endpoint: SSHEndpoint
        /// An option that only `ssh` itself can follow.
        package var needsOpenSSH: String?
        /// The addresses of the jump hosts, first hop first: the inventory's, else those of `ProxyJump`.
        package var jumps: [String]

        init(_ endpoint: SSHEndpoint) {
            self.endpoint = endpoint
            jumps = endpoint.jumps.map(\.address)
        }
    }

    /// The endpoint with what ssh_config adds, or what `ssh` does without one; unchanged where `ssh` is absent.
    ///
    /// - Throws: `TransportError` when `ssh` refuses the file, as it does when others may write to it.
    package static func resolve(_ endpoint: SSHEndpoint) async throws(TransportError) -> Resolution {
        guard let answer = try await answer(for: endpoint) else { return Resolution(endpoint) }
        return merge(answer.text, into: endpoint)
    }

    /// All that `ssh -G` is told of an endpoint but its address.
    static func arguments(_ endpoint: SSHEndpoint) -> [String] {
        var arguments = endpoint.configFile.map { ["-F", $0] } ?? (endpoint.honourSSHConfig ? [] : ["-F", "none"])
        if let port = endpoint.port { arguments += ["-p", String(port)] }
        if let user = endpoint.user { arguments += ["-l", user] }
        return arguments
    }

    /// Whether there is something to ask.
    static func isOpen(_ endpoint: SSHEndpoint) -> Bool {
        endpoint.honourSSHConfig || endpoint.configFile != nil || endpoint.identityFiles.isEmpty
            || endpoint.knownHostsFiles.isEmpty
    }

    /// What `ssh -G` prints; `nil` where there is nothing to ask, or no `ssh`.
    static func answer(for endpoint: SSHEndpoint) async throws(TransportError) -> SSHConfigAnswer? {
        guard isOpen(endpoint) else { return nil }
        let arguments = arguments(endpoint) + ["-v", "-G", "--", endpoint.address]
        let result: CommandResult
        do throws(TransportError) {
            let time = Duration.seconds(10)
            result = try await LocalProcess.output(of: "ssh", arguments, ["LC_ALL": "C"], for: endpoint, time: time)
        } catch {
            if error.code == .localFailure { return nil }
            throw error.code == .timeout ? failure("its Match exec does not end", endpoint) : error
        }
        guard result.status == .exited(0) else { throw failure(OpenSSHFailure.words(result.errorText), endpoint) }
        return SSHConfigAnswer(result.outputText, log: result.errorText, of: endpoint.address)
    }

    private static func failure(_ reason: String, _ endpoint: SSHEndpoint) -> TransportError {
        TransportError(
            code: .localFailure,
            host: endpoint.name,
            attempted: "read ssh_config for \(endpoint.address) (ssh -G)",
            reason: reason,
            remedy: "correct it, or set ssh.config: false"
        )
    }

    /// Pure half: the printed options into the endpoint.
    package static func merge(_ text: String, into endpoint: SSHEndpoint) -> Resolution {
        let options = SSHOptions(text)
        var result = endpoint
        result.address = options.first("hostname") ?? endpoint.address
        result.port = endpoint.port ?? options.first("port").flatMap { UInt16($0) }
        result.user = endpoint.user ?? options.first("user")
        result.hostKeyAlias = endpoint.hostKeyAlias ?? options.first("hostkeyalias")
        if endpoint.identityFiles.isEmpty {
            result.identityFiles = options.paths("identityfile").filter(FileManager.default.fileExists)
        }
        result.identitiesOnly = endpoint.identitiesOnly || options.first("identitiesonly") == "yes"
        if endpoint.knownHostsFiles.isEmpty {
            result.knownHostsFiles = options.paths("userknownhostsfile") + options.paths("globalknownhostsfile")
        }
        if endpoint.agentSocket == nil { applyAgent(options, to: &result) }
        decide(options, &result)
        var resolution = Resolution(result)
        resolution.needsOpenSSH = options.needsOpenSSH
        if endpoint.jumps.isEmpty { resolution.jumps = options.jumps }
        return resolution
    }

    /// What the inventory has left open.
    private static func decide(_ options: SSHOptions, _ endpoint: inout SSHEndpoint) {
        let open = endpoint.leftOpen
        endpoint.leftOpen = []
        if open.contains(.hostKeyPolicy), let policy = options.hostKeyPolicy { endpoint.hostKeyPolicy = policy }
        if open.contains(.connectTimeout), let time = options.time("connecttimeout") { endpoint.connectTimeout = time }
        guard open.contains(.keepAlive), let time = options.time("serveraliveinterval") else { return }
        endpoint.keepAlive = time
        endpoint.keepAliveCount = min(30, max(1, options.first("serveralivecountmax").flatMap { Int($0) } ?? 3))
    }

    private static func applyAgent(_ options: SSHOptions, to endpoint: inout SSHEndpoint) {
        switch options.first("identityagent") {
        case "none": endpoint.useAgent = false
        case nil, "SSH_AUTH_SOCK": break
        case let path?: endpoint.agentSocket = SSHOptions.expanded(path)
        }
    }
}

extension SSHEndpoint {
    /// Itself, for the `ssh` program, which reads the rest of ssh_config: with what only we do by it.
    func adopting(_ resolved: SSHEndpoint) -> SSHEndpoint {
        var result = self
        result.hostKeyPolicy = resolved.hostKeyPolicy
        result.connectTimeout = resolved.connectTimeout
        result.keepAlive = resolved.keepAlive
        result.keepAliveCount = resolved.keepAliveCount
        result.leftOpen = resolved.leftOpen
        return result
    }
}
