import Foundation
package import ProvisionCore

/// The user's ssh_config for one host, as OpenSSH itself evaluates it (`ssh -G`); the inventory's words win over it.
package enum SSHConfig {
    package struct Resolution: Sendable, Equatable {
        /// What libssh2 needs to know.
        package var endpoint: SSHEndpoint
        /// An option that only `ssh` itself can follow.
        package var needsOpenSSH: String?
    }

    /// The endpoint with what ssh_config adds, or what `ssh` does without one; unchanged where `ssh` is absent.
    ///
    /// - Throws: `TransportError` when `ssh` refuses the file, as it does when others may write to it.
    package static func resolve(_ endpoint: SSHEndpoint) async throws(TransportError) -> Resolution {
        let unchanged = Resolution(endpoint: endpoint, needsOpenSSH: nil)
        let isOpen = endpoint.identityFiles.isEmpty || endpoint.knownHostsFiles.isEmpty
        guard endpoint.honourSSHConfig || endpoint.configFile != nil || isOpen else { return unchanged }
        guard let text = try await options(of: endpoint) else { return unchanged }
        return merge(text, into: endpoint)
    }

    /// What `ssh -G` prints; `nil` where there is no `ssh`.
    private static func options(of endpoint: SSHEndpoint) async throws(TransportError) -> String? {
        var arguments = endpoint.configFile.map { ["-F", $0] } ?? (endpoint.honourSSHConfig ? [] : ["-F", "none"])
        if let port = endpoint.port { arguments += ["-p", String(port)] }
        if let user = endpoint.user { arguments += ["-l", user] }
        arguments += ["-G", "--", endpoint.address]
        let result: CommandResult
        do throws(TransportError) {
            let time = Duration.seconds(10)
            result = try await LocalProcess.output(of: "ssh", arguments, ["LC_ALL": "C"], for: endpoint, time: time)
        } catch {
            if error.code == .localFailure { return nil }
            throw error.code == .timeout ? failure("its Match exec does not end", endpoint) : error
        }
        guard result.status == .exited(0) else { throw failure(OpenSSHFailure.words(result.errorText), endpoint) }
        return result.outputText
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
            result.identitiesOnly = endpoint.identitiesOnly || options.first("identitiesonly") == "yes"
        }
        if endpoint.knownHostsFiles.isEmpty {
            result.knownHostsFiles = options.paths("userknownhostsfile") + options.paths("globalknownhostsfile")
        }
        if endpoint.agentSocket == nil { applyAgent(options, to: &result) }
        return Resolution(endpoint: result, needsOpenSSH: options.needsOpenSSH)
    }

    private static func applyAgent(_ options: SSHOptions, to endpoint: inout SSHEndpoint) {
        switch options.first("identityagent") {
        case "none": endpoint.useAgent = false
        case nil, "SSH_AUTH_SOCK": break
        case let path?: endpoint.agentSocket = SSHOptions.expanded(path)
        }
    }
}
