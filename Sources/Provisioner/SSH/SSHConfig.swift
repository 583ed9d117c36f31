import Foundation
package import ProvisionCore
import Subprocess
import SystemPackage

/// The user's ssh_config for one host, as OpenSSH itself evaluates it (`ssh -G`); the inventory's words win over it.
package enum SSHConfig {
    /// The endpoint with what ssh_config adds; unchanged where it must not be asked or `ssh` is absent.
    package static func resolve(_ endpoint: SSHEndpoint) async -> SSHEndpoint {
        guard endpoint.honourSSHConfig, endpoint.transport != .local else { return endpoint }
        let result = try? await Subprocess.run(
            .name("ssh"),
            arguments: ["-G", endpoint.address],
            output: .string(limit: 1 << 16),
            error: .discarded
        )
        guard let text = result?.standardOutput else { return endpoint }
        return merge(text, into: endpoint)
    }

    /// Pure half: the printed options into the endpoint.
    package static func merge(_ text: String, into endpoint: SSHEndpoint) -> SSHEndpoint {
        var values: [String: [String]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2 { values[words[0].lowercased(), default: []].append(words[1]) }
        }
        var result = endpoint
        if let name = values["hostname"]?.first { result.address = name }
        result.port = endpoint.port ?? values["port"]?.first.flatMap { UInt16($0) }
        result.user = endpoint.user ?? values["user"]?.first
        if endpoint.identityFiles.isEmpty {
            result.identityFiles = (values["identityfile"] ?? []).map(expanded).filter(FileManager.default.fileExists)
        }
        if endpoint.knownHostsFiles.isEmpty {
            let files = (values["userknownhostsfile"] ?? []) + (values["globalknownhostsfile"] ?? [])
            result.knownHostsFiles = files.flatMap { $0.split(separator: " ").map { expanded(String($0)) } }
        }
        if values["identityagent"]?.first == "none" { result.useAgent = false }
        return result
    }

    /// Whether ssh_config sends this host through others; then `ssh` itself must connect.
    package static func needsProxy(_ text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            (line.hasPrefix("proxyjump ") && line != "proxyjump none")
                || (line.hasPrefix("proxycommand ") && line != "proxycommand none")
        }
    }

    private static func expanded(_ path: String) -> String {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
        return path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    }
}
