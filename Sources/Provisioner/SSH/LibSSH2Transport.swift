import Glibc
package import ProvisionCore
import Templates

/// A host over libssh2: one actor, one session, blocking calls on a queue of its own.
package actor LibSSH2Transport: Transport {
    private let executor: SessionExecutor
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters
    private var session: LibSSH2Session?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
        executor = SessionExecutor(label: "provision.ssh.\(endpoint.name)")
    }

    /// Connects, checks the host key, logs in.
    ///
    /// - Returns: `nil` when the host can be used, else an unknown key that a person must accept first.
    package func connect(accepting accepted: HostKey? = nil) throws(TransportError) -> HostKey? {
        let deadline = Deadline(after: endpoint.connectTimeout)
        let socket = try TCPSocket.connect(
            host: endpoint.name,
            address: endpoint.address,
            port: endpoint.port ?? 22,
            deadline: deadline
        )
        let session = try LibSSH2Session(endpoint: endpoint, socket: socket)
        let check = HostKeyCheck(endpoint: endpoint)
        let key = try session.handshake(check, deadline: deadline)
        if key == accepted {
            try check.remember(key)
        } else if case .ask = try check.decide(on: key) {
            return key
        }
        try session.authenticate(deadline: deadline)
        counters.connected(endpoint.name)
        self.session = session
        return nil
    }

    package func run(_ command: RemoteCommand) throws(TransportError) -> CommandResult {
        guard let session else {
            throw TransportError(
                code: .connectionLost,
                host: endpoint.name,
                attempted: "run a command",
                reason: "the connection is closed",
                remedy: "run it again"
            )
        }
        let privileged = PrivilegedCommand(command.line, privilege: endpoint.privilege)
        var input = try InputSource(command.input, prefix: privileged.inputPrefix, host: endpoint.name)
        do throws(TransportError) {
            let result = try session.run(
                privileged.line,
                input: &input,
                limit: command.outputLimit,
                deadline: Deadline(after: command.timeout)
            )
            counters.ran(
                endpoint.name,
                up: privileged.line.utf8.count + command.input.size,
                down: result.output.count + result.errorOutput.count
            )
            if let refusal = PrivilegedCommand.refusal(in: result, endpoint: endpoint) { throw refusal }
            return result
        } catch {
            if error.stateIsUnknown { self.session = nil }
            throw error
        }
    }

    package func close() { session = nil }
}

extension RemoteCommand.Input {
    /// Bytes that will be sent; 0 for a file, which is counted by its artifact.
    var size: Int {
        guard case .bytes(let bytes) = self else { return 0 }
        return bytes.reveal().count
    }
}
