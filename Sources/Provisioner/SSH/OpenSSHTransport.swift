import Foundation
package import ProvisionCore
import Subprocess
import SystemPackage

/// A host through the system's own `ssh`: jump hosts, hardware keys, RSA, whatever ssh_config says.
///
/// One master connection per host in a private directory; commands are multiplexed over it.
package actor OpenSSHTransport: Transport {
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters
    private let directory: String
    private var isOpen = false

    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
        directory = "/tmp/provision-ssh-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    }

    /// Opens the master connection.
    package func connect() async throws(TransportError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw TransportError(
                code: .localFailure,
                host: endpoint.name,
                attempted: "make \(directory)",
                reason: "\(error)",
                remedy: "free space in /tmp"
            )
        }
        let result = try await ssh(
            ["-M", "-f", "-N"],
            line: nil,
            input: [],
            timeout: endpoint.connectTimeout + .seconds(5),
            limit: 1 << 16
        )
        guard result.status == .exited(0) else {
            removeDirectory()
            throw OpenSSHFailure.error(result.errorText, endpoint: endpoint)
        }
        counters.connected(endpoint.name)
        isOpen = true
    }

    package func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        guard isOpen else { throw OpenSSHFailure.lost(endpoint, "the connection is closed") }
        let privileged = PrivilegedCommand(command.line, privilege: endpoint.privilege)
        var source = try InputSource(command.input, prefix: privileged.inputPrefix, host: endpoint.name)
        var input: [UInt8] = []
        var piece = try source.next(host: endpoint.name)
        while !piece.isEmpty {
            input += piece
            piece = try source.next(host: endpoint.name)
        }
        let result = try await ssh(
            [],
            line: privileged.line,
            input: input,
            timeout: command.timeout,
            limit: command.outputLimit
        )
        counters.ran(
            endpoint.name,
            up: input.count + privileged.line.utf8.count,
            down: result.output.count + result.errorOutput.count
        )
        if result.status == .exited(255) { throw OpenSSHFailure.lost(endpoint, result.errorText) }
        if let refusal = PrivilegedCommand.refusal(in: result, endpoint: endpoint) { throw refusal }
        return result
    }

    package func close() async {
        guard isOpen else { return }
        isOpen = false
        _ = try? await ssh(["-O", "exit"], line: nil, input: [], timeout: .seconds(5), limit: 4096)
        removeDirectory()
    }

    private func removeDirectory() { try? FileManager.default.removeItem(atPath: directory) }

    private func ssh(
        _ extra: [String],
        line: String?,
        input: [UInt8],
        timeout: Duration,
        limit: Int
    ) async throws(TransportError) -> CommandResult {
        let arguments =
            extra + OpenSSHOptions.arguments(endpoint, controlPath: "\(directory)/%C") + [endpoint.address]
            + (line.map { [$0] } ?? [])
        let seconds = max(1, Int(timeout.components.seconds))
        do {
            let result = try await Subprocess.run(
                .name("timeout"),
                arguments: Arguments(["--kill-after=2", String(seconds), "ssh"] + arguments),
                environment: .inherit.updating(["LC_ALL": "C"]),
                input: .array(input),
                output: .bytes(limit: limit),
                error: .bytes(limit: limit)
            )
            return CommandResult(
                status: Self.status(result.terminationStatus),
                output: result.standardOutput,
                errorOutput: result.standardError
            )
        } catch {
            throw TransportError(
                code: .localFailure,
                host: endpoint.name,
                attempted: "run ssh",
                reason: "\(error)",
                remedy: "install openssh-client"
            )
        }
    }

    private static func status(_ status: TerminationStatus) -> CommandResult.Status {
        switch status {
        case .exited(let code): .exited(Int32(code))
        case .signaled(let signal): .signalled("\(signal)")
        }
    }
}
