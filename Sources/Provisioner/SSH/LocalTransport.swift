package import ProvisionCore

/// This machine itself, for inventories with `transport: local`.
package actor LocalTransport: Transport {
    private let executor: SessionExecutor
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
        executor = SessionExecutor(label: "provision.local.\(endpoint.name)")
    }

    package func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        var exchange = try CommandExchange(command, endpoint: endpoint)
        let process = LocalProcess(program: "/bin/sh", arguments: ["-c", exchange.line])
        let status = try await process.run(&exchange, host: endpoint.name, deadline: Deadline(after: command.timeout))
        counters.ran(endpoint.name, up: exchange.sent, down: exchange.received)
        return try exchange.result(status)
    }

    package func close() async {}
}
