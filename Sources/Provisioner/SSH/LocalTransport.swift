package import ProvisionCore

/// This machine itself, for inventories with `transport: local`.
package struct LocalTransport: Transport {
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters

    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
    }

    package func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        let exchange = try CommandExchange(command, endpoint: endpoint)
        let arguments = ["-c", exchange.line]
        let process = LocalProcess("/bin/sh", arguments, host: endpoint.name, exchange: exchange)
        let status = try await process.run(until: Deadline(of: command))
        let done = await process.exchange
        counters.ran(endpoint.name, up: done.sent, down: done.received)
        return try done.result(status)
    }

    package func close() async {}
}
