import Foundation
package import ProvisionCore

/// A host through the system's own `ssh`: jump hosts, hardware keys, RSA, whatever ssh_config says.
///
/// One master connection per host in a private directory; commands are multiplexed over it.
package actor OpenSSHTransport: Transport {
    private let executor: SessionExecutor
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters
    private var login: OpenSSHLogin?
    /// Why there is none.
    private var ending = "the connection is closed"
    private var commands = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Takes the endpoint as the inventory has it: `ssh` itself reads ssh_config.
    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
        executor = SessionExecutor(label: "provision.openssh.\(endpoint.name)")
    }

    /// Opens the master connection.
    ///
    /// - Parameter accepted: A key that a person has accepted.
    /// - Returns: `nil` when the host can be used, else an unknown key that a person must accept first.
    /// - Throws: `TransportError`; nothing has been run then.
    package func connect(accepting accepted: HostKey? = nil) async throws(TransportError) -> HostKey? {
        if let accepted {
            try HostKeyCheck(endpoint: try await SSHConfig.resolve(endpoint).endpoint).remember(accepted)
        }
        let login = try OpenSSHLogin(endpoint)
        do throws(TransportError) {
            if let unknown = try await login.open() {
                login.end()
                return unknown
            }
        } catch {
            login.end()
            throw error.code == .timeout ? error.beforeAnyCommand : error
        }
        counters.connected(endpoint.name)
        self.login = login
        return nil
    }

    package func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        guard let login else { throw OpenSSHFailure.lost(endpoint, ending) }
        let exchange = try CommandExchange(command, endpoint: endpoint)
        commands += 1
        let log = "\(login.directory.path)/command-\(commands).log"
        let arguments = login.ssh.run(exchange.line, log: log)
        let process = LocalProcess("ssh", arguments, host: endpoint.name, exchange: exchange)
        do throws(TransportError) {
            let ended = try await process.run(until: Deadline(of: command))
            let done = await process.exchange
            counters.ran(endpoint.name, up: done.sent + done.line.utf8.count, down: done.received)
            return try done.result(try login.status(behind: ended, log: log))
        } catch {
            // sudo's refusal is an orderly end.
            if error.code != .authenticationFailed { end(error.reason) }
            throw error
        }
    }

    package func close() { end("the connection is closed") }

    private func end(_ why: String) {
        guard let login else { return }
        ending = why
        self.login = nil
        login.end()
    }
}
