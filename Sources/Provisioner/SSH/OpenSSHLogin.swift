import Foundation
import ProvisionCore

/// One master connection: its opening, the truth behind its words, its end.
struct OpenSSHLogin: Sendable {
    let endpoint: SSHEndpoint
    let directory: PrivateDirectory
    let ssh: OpenSSHCommand

    init(_ endpoint: SSHEndpoint) throws(TransportError) {
        self.endpoint = endpoint
        do { directory = try PrivateDirectory() } catch {
            throw OpenSSHFailure.error(.localFailure, "\(error)", endpoint, endpoint, "free space in /tmp")
        }
        ssh = OpenSSHCommand(endpoint: endpoint, directory: directory.path)
    }

    /// Connects and logs in; where a server's key is refused, our own check decides, as over libssh2.
    ///
    /// - Returns: `nil` when the host can be used, else an unknown key that a person must accept first.
    func open() async throws(TransportError) -> HostKey? {
        var ssh = ssh
        var judged: [Int: Set<HostKey>] = [:]
        var unpinned: TransportError?
        while let failure = try await attempt(ssh) {
            guard failure.isAboutHostKey else { throw try await explained(failure, unpinned) }
            let hop = ssh.hops[failure.hop]
            guard let key = try await presentedKey(failure, ssh), judged[failure.hop, default: []].insert(key).inserted
            else { throw unpinned ?? failure.error }
            do throws(TransportError) {
                let check = try HostKeyCheck(endpoint: try await SSHConfig.resolve(hop).endpoint)
                if case .ask = try check.decide(on: key) {
                    guard failure.hop == endpoint.jumps.count else { throw check.refusal(of: key) }
                    return key
                }
                if hop.hostKeyPolicy == .no { ssh.trusting.insert(failure.hop) }
            } catch {
                guard !hop.pinnedHostKeys.isEmpty else { throw error }
                // The server may have a pinned key of another type.
                unpinned = unpinned ?? error
                ssh.rejected[failure.hop, default: []].insert(key.type)
            }
        }
        return nil
    }

    /// `nil` when it succeeds.
    private func attempt(_ ssh: OpenSSHCommand) async throws(TransportError) -> Failure? {
        let result = try await run(ssh)
        return result.status == .exited(0) ? nil : failure(result.errorText)
    }

    private func explained(
        _ failure: Failure,
        _ unpinned: TransportError?
    ) async throws(TransportError) -> TransportError {
        switch failure.error.code {
        case .algorithmMismatch: unpinned ?? failure.error
        case .authenticationFailed: try await aboutPassphrase(failure)
        default: failure.error
        }
    }

    /// Ends the connection and leaves nothing behind.
    func end() {
        MasterSocket(path: ssh.socket).terminate()
        directory.remove()
    }

    /// What a command's end means: `ssh` answers 255 for a command's own 255, for a signal, and for a lost connection.
    func status(behind status: CommandResult.Status, log path: String) throws(TransportError) -> CommandResult.Status {
        let log = PrivateDirectory.text(path)
        try? FileManager.default.removeItem(atPath: path)
        guard status == .exited(255) || status.isSignal else { return status }
        if log.contains("Received exit status from master 255") { return status }
        if log.contains("Control master terminated unexpectedly"), MasterSocket(path: ssh.socket).isAlive {
            return .signalled("a signal that ssh does not name")
        }
        let words = [PrivateDirectory.text(ssh.log(endpoint.jumps.count)), log].map(OpenSSHFailure.words)
        throw OpenSSHFailure.lost(endpoint, words.filter { !$0.isEmpty }.joined(separator: "; "))
    }

    private func run(_ ssh: OpenSSHCommand) async throws(TransportError) -> CommandResult {
        for hop in ssh.hops.indices { try? FileManager.default.removeItem(atPath: ssh.log(hop)) }
        let time = endpoint.connectTimeout * ssh.hops.count + .seconds(5)
        return try await program("ssh", ssh.master, hop: endpoint.jumps.count, time: time)
    }

    private func program(
        _ name: String,
        _ arguments: [String],
        hop: Int,
        time: Duration
    ) async throws(TransportError) -> CommandResult {
        var environment: [String: String]
        do { environment = try AskPass.environment(ssh.hops, hop: hop, in: directory) } catch {
            throw OpenSSHFailure.error(.localFailure, "\(error)", endpoint, endpoint, "free space in /tmp")
        }
        environment["LC_ALL"] = "C"
        return try await LocalProcess.output(of: name, arguments, environment, for: endpoint, time: time)
    }

    private func opens(_ key: String, hop: Int) async throws(TransportError) -> Bool {
        try await program("ssh-keygen", ["-y", "-f", key], hop: hop, time: .seconds(10)).status == .exited(0)
    }

    private struct Failure {
        var error: TransportError
        var hop: Int
        var isAboutHostKey: Bool { [.hostKeyUnknown, .hostKeyChanged, .hostKeyRevoked].contains(error.code) }
    }

    /// The first hop whose log tells of a failure; standard error comes last, as servers' banners stand there.
    private func failure(_ words: String) -> Failure {
        let hops = ssh.hops
        let logs = hops.indices.map { PrivateDirectory.text(ssh.log($0)) } + [words]
        for (index, log) in logs.enumerated() {
            let hop = min(index, hops.count - 1)
            guard let error = OpenSSHFailure.error(log, hop: hops[hop], of: endpoint) else { continue }
            return Failure(error: error, hop: hop)
        }
        let text = logs.map(OpenSSHFailure.words).filter { !$0.isEmpty }.joined(separator: "; ")
        return Failure(error: OpenSSHFailure.unknown(text, endpoint), hop: hops.count - 1)
    }

    /// The key that was refused; where it was not written down, by a second look.
    private func presentedKey(_ failure: Failure, _ ssh: OpenSSHCommand) async throws(TransportError) -> HostKey? {
        if ssh.hops[failure.hop].pinnedHostKeys.isEmpty {
            var recorder = ssh
            recorder.recordsKeys = true
            _ = try await run(recorder)
        }
        return key(failure.hop)
    }

    /// The last `TYPE BASE64` that a hop has written down.
    private func key(_ hop: Int) -> HostKey? {
        PrivateDirectory.text(ssh.keys(hop)).split(whereSeparator: \.isNewline).reversed().lazy.compactMap { line in
            line.split(separator: " ").last.flatMap { Data(base64Encoded: String($0)) }.flatMap {
                HostKey(blob: Array($0))
            }
        }.first
    }

    /// Whether the key was refused, or could not be opened at all.
    private func aboutPassphrase(_ failure: Failure) async throws(TransportError) -> TransportError {
        let hop = ssh.hops[failure.hop]
        for path in hop.identityFiles {
            guard let file = try? KeyFile(path: path), file.isEncrypted, !file.isPublicOnly else { continue }
            if hop.passphrase != nil, try await opens(path, hop: failure.hop) { continue }
            var error = failure.error
            error.code = .passphraseNeeded
            error.reason = "\(path): \(hop.passphrase == nil ? "the key is encrypted" : "the passphrase is wrong")"
            error.remedy = "use ssh.passphraseFile, or load the key into ssh-agent"
            return error
        }
        return failure.error
    }
}

extension CommandResult.Status {
    fileprivate var isSignal: Bool { if case .signalled = self { true } else { false } }
}
