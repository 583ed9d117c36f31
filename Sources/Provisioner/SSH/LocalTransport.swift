package import ProvisionCore
import Subprocess
import SystemPackage

/// This machine itself, for inventories with `transport: local`.
package struct LocalTransport: Transport {
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters

    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
    }

    package func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        let privileged = PrivilegedCommand(command.line, privilege: endpoint.privilege)
        var source = try InputSource(command.input, prefix: privileged.inputPrefix, host: endpoint.name)
        var input: [UInt8] = []
        var piece = try source.next(host: endpoint.name)
        while !piece.isEmpty {
            input += piece
            piece = try source.next(host: endpoint.name)
        }
        do {
            let result = try await Subprocess.run(
                .name("timeout"),
                arguments: [
                    "--kill-after=2", String(max(1, command.timeout.components.seconds)), "/bin/sh", "-c",
                    privileged.line,
                ],
                input: .array(input),
                output: .bytes(limit: command.outputLimit),
                error: .bytes(limit: command.outputLimit)
            )
            counters.ran(endpoint.name, up: input.count, down: result.standardOutput.count)
            var status = CommandResult.Status.signalled("KILL")
            if case .exited(let code) = result.terminationStatus { status = .exited(Int32(code)) }
            return CommandResult(status: status, output: result.standardOutput, errorOutput: result.standardError)
        } catch {
            throw TransportError(
                code: .localFailure,
                host: endpoint.name,
                attempted: "run a local shell",
                reason: "\(error)",
                remedy: "run it again"
            )
        }
    }

    package func close() async {}
}
