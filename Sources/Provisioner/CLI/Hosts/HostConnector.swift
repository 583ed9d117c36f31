import ProvisionCore
import ProvisionEngine
import ProvisionSSH
import Templates

/// Opens hosts with the secrets that the inventory points to; a person is asked for each secret once.
actor HostConnector {
    private let factory: TransportFactory
    /// Is told which commands are on their way.
    private let running: RunningSteps?
    /// Whether there is somebody to ask.
    let mayAsk: Bool
    /// What a person has answered, whichever connector asked.
    private let asked: AskedOnce
    /// Logins at the same time, whoever asks for them.
    private let logins: Limiter

    /// - Parameters:
    ///   - spec: Whose limits hold.
    ///   - options: Whether a person may be asked.
    ///   - console: Where that is done, and where remarks go.
    ///   - context: The run that counts connections and commands, and is told which are on their way.
    ///   - asked: Where a person's answers are kept.
    init(
        _ spec: ClusterSpec,
        _ options: InventoryOptions,
        _ console: Console,
        context: RunContext? = nil,
        asked: AskedOnce = .shared
    ) {
        self.asked = asked
        running = context?.running
        logins = Limiter(spec.concurrency.hosts)
        mayAsk = !options.noInput && console.canAsk
        let interactive = self.mayAsk
        let jumps = JumpLimits(spec.concurrency.perJumpHost)
        factory = TransportFactory(
            counters: context?.counters ?? TransportCounters(),
            ask: interactive
                ? { @Sendable host, key in
                    asked.trusts(key, of: host) {
                        Prompt.confirm("The authenticity of \(host) is not known: \(key). Trust it?")
                    }
                } : nil,
            turn: { await jumps.run(through: $0, $1) },
            note: { console.note($0) }
        )
    }

    /// Asks for the passphrase of an encrypted key where a person can answer, once for all hosts that use it.
    nonisolated func open(_ host: HostSpec) async throws(TransportError) -> any Transport {
        let endpoint = try await endpoint(host)
        let opened = await logins.run { await result(endpoint) }
        let transport = try opened.get()
        guard let running else { return transport }
        return FollowedTransport(host: host.name, transport: transport, running: running)
    }

    private nonisolated func result(_ endpoint: SSHEndpoint) async -> Result<any Transport, TransportError> {
        do throws(TransportError) { return .success(try await connect(endpoint)) } catch { return .failure(error) }
    }

    private nonisolated func connect(_ endpoint: SSHEndpoint) async throws(TransportError) -> any Transport {
        do throws(TransportError) { return try await factory.open(endpoint) } catch {
            guard error.code == .passphraseNeeded, let opened = await unlocked(endpoint) else { throw error }
            return try await factory.open(opened)
        }
    }

    private func unlocked(_ endpoint: SSHEndpoint) -> SSHEndpoint? {
        guard mayAsk, !endpoint.identityFiles.isEmpty else { return nil }
        let keys = endpoint.identityFiles
        var endpoint = endpoint
        endpoint.passphrase = asked.passphrase(of: keys) {
            Prompt.secret("passphrase for \(keys.joined(separator: " or "))")
        }
        return endpoint.passphrase == nil ? nil : endpoint
    }

    private func endpoint(_ host: HostSpec) throws(TransportError) -> SSHEndpoint {
        var endpoint = host.ssh
        if let path = host.sshSecrets.passphraseFile { endpoint.passphrase = try secret(path, host) }
        for (index, path) in host.sshSecrets.jumpPassphraseFiles.enumerated() where index < endpoint.jumps.count {
            if let path { endpoint.jumps[index].passphrase = try secret(path, host) }
        }
        switch host.sshSecrets.sudoPassword {
        case .none: break
        case .file(let path): endpoint.privilege = .sudoPassword(try secret(path, host))
        case .ask: endpoint.privilege = .sudoPassword(try askedPassword(host))
        }
        return endpoint
    }

    private func secret(_ path: String, _ host: HostSpec) throws(TransportError) -> Secret<String> {
        do { return try SecretFile.firstLine(path) } catch {
            let failure = error as? CommandFailure
            throw TransportError(
                code: .keyUnreadable,
                host: host.name,
                attempted: "read a secret",
                reason: failure?.message ?? "\(error)",
                remedy: failure?.remedy ?? "put it on the first line, mode 0600"
            )
        }
    }

    private func askedPassword(_ host: HostSpec) throws(TransportError) -> Secret<String> {
        guard let secret = asked.sudoPassword(ask: { mayAsk ? Prompt.secret("sudo password") : nil }) else {
            throw TransportError(
                code: .passphraseNeeded,
                host: host.name,
                attempted: "ask for the sudo password",
                reason: "there is no terminal, or --no-input",
                remedy: "use ssh.sudo.passwordFile"
            )
        }
        return secret
    }
}
