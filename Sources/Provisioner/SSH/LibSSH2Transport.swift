@preconcurrency import Dispatch
package import ProvisionCore

/// A host over libssh2: one actor, one session, blocking calls on a queue of its own.
package actor LibSSH2Transport: Transport {
    private let executor: SessionExecutor
    private let endpoint: SSHEndpoint
    private let counters: TransportCounters
    private var session: LibSSH2Session?
    /// Why there is none.
    private var ending = "the connection is closed"
    private var heartbeat: (any DispatchSourceTimer)?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(endpoint: SSHEndpoint, counters: TransportCounters) {
        self.endpoint = endpoint
        self.counters = counters
        executor = SessionExecutor(label: "provision.ssh.\(endpoint.name)")
    }

    deinit { heartbeat?.cancel() }

    /// Connects, checks the host key, logs in.
    ///
    /// - Parameter accepted: A key that a person has accepted.
    /// - Returns: `nil` when the host can be used, else an unknown key that a person must accept first.
    /// - Throws: `TransportError`; nothing has been run then.
    package func connect(accepting accepted: HostKey? = nil) throws(TransportError) -> HostKey? {
        let deadline = Deadline(after: endpoint.connectTimeout)
        do throws(TransportError) {
            let check = try HostKeyCheck(endpoint: endpoint)
            let (session, key) = try greet(check, deadline)
            if key == accepted {
                try check.remember(key)
            } else if case .ask = try check.decide(on: key) {
                return key
            }
            // As ssh(1) counts it, the time for a connection ends where the login begins.
            try session.authenticate(deadline: Deadline(after: max(deadline.remaining, .seconds(10))))
            session.beginKeepAlive()
            self.session = session
        } catch { throw error.code == .timeout ? error.beforeAnyCommand : error }
        counters.connected(endpoint.name)
        beat()
        return nil
    }

    /// The first session whose host key is pinned, where several types might be; else the first.
    private func greet(
        _ check: HostKeyCheck,
        _ deadline: Deadline
    ) throws(TransportError) -> (LibSSH2Session, HostKey) {
        var rejected: [HostKey] = []
        while true {
            let socket = try TCPSocket.connect(to: endpoint, deadline: deadline)
            let session = try LibSSH2Session(endpoint: endpoint, socket: socket)
            do throws(TransportError) {
                let key = try session.handshake(check, except: Set(rejected.map(\.type)), deadline: deadline)
                let pins = endpoint.pinnedHostKeys
                if pins.isEmpty || pins.contains(key.fingerprint) { return (session, key) }
                rejected.append(key)
            } catch {
                guard error.code == .algorithmMismatch, let first = rejected.first else { throw error }
                _ = try check.decide(on: first)
                throw error
            }
        }
    }

    package func run(_ command: RemoteCommand) throws(TransportError) -> CommandResult {
        guard let session else {
            throw TransportError(
                code: .connectionLost,
                host: endpoint.name,
                attempted: "run a command",
                reason: ending,
                remedy: "run it again"
            )
        }
        var exchange = try CommandExchange(command, endpoint: endpoint)
        let before = session.emptyWaits
        defer {
            counters.ran(
                endpoint.name,
                up: exchange.sent + exchange.line.utf8.count,
                down: exchange.received,
                emptyWaits: session.emptyWaits - before
            )
        }
        do throws(TransportError) {
            return try session.run(&exchange, deadline: Deadline(of: command))
        } catch {
            // sudo's refusal is an orderly end; after anything else a packet may be half sent.
            if error.code != .authenticationFailed { end(error.reason) }
            throw error
        }
    }

    package func close() { end("the connection is closed") }

    private func end(_ why: String) {
        ending = why
        session = nil
        heartbeat?.cancel()
        heartbeat = nil
    }

    /// While nothing runs, the server's questions are answered all the same, however seldom it is asked from here.
    private func beat() {
        heartbeat = executor.timer(every: min(endpoint.keepAlive, .seconds(15))) { [weak self] in
            self?.assumeIsolated { $0.answerServer() }
        }
    }

    private func answerServer() {
        guard let session else { return }
        do { try session.answerServer(deadline: Deadline(after: endpoint.keepAlive * endpoint.keepAliveCount)) } catch {
            end("the connection was lost while nothing ran: \(error.reason)")
        }
    }
}

extension TransportError {
    /// A timeout before any command was started: the host was not reached in time.
    var beforeAnyCommand: TransportError {
        var error = self
        error.code = .unreachable
        error.reason = "no answer in time"
        error.remedy = "check that the host is up, and that its port is sshd's"
        return error
    }
}
