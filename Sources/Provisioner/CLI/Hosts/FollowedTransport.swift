import ProvisionCore

/// A transport whose commands are known while they run, whoever gives them.
struct FollowedTransport: Transport {
    let host: String
    let transport: any Transport
    let running: RunningSteps

    func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        running.begin(on: host)
        defer { running.end(on: host) }
        return try await transport.run(command)
    }

    func close() async { await transport.close() }
}
