internal import CLibSSH2
import Foundation
import ProvisionCore
import Templates

/// Logging in: the configured keys first, in their order, then the agent's others.
extension LibSSH2Session {
    func authenticate(deadline: Deadline) throws(TransportError) {
        let user = endpoint.user ?? NSUserName()
        let agent = agentPath.map { SSHAgent(path: $0, deadline: deadline) }
        var plan = LoginPlan(endpoint: endpoint, agent: agent, signatures: Set(signatures))
        for attempt in plan.attempts {
            guard let why = try refusal(of: attempt, agent, user: user, deadline: deadline) else { return }
            plan.failures.append(why)
        }
        let (code, reason) = plan.verdict
        throw failure(code, "log in as \(user) on \(endpoint.address)", reason, plan.remedy(code, user: user))
    }

    private var agentPath: String? {
        guard endpoint.useAgent else { return nil }
        return endpoint.agentSocket ?? ProcessInfo.processInfo.environment["SSH_AUTH_SOCK"]
    }

    /// `nil` when logged in, else why not.
    private func refusal(
        of attempt: LoginPlan.Attempt,
        _ agent: SSHAgent?,
        user: String,
        deadline: Deadline
    ) throws(TransportError) -> LoginPlan.Failure? {
        let attempted = "log in as \(user) with \(attempt.name)"
        var complaint: String?
        let code =
            switch attempt {
            case .file(let file): try tryFile(file, attempted, user, deadline)
            case .agent(let key): try tryAgent(agent, key, attempted, user, deadline, complaint: &complaint)
            }
        guard code != 0 else { return nil }
        if Self.isDisconnect(code) || farewell != nil { throw tooManyKeys(attempted) }
        if case .file(let file) = attempt, file.isEncrypted, code != Int(LIBSSH2_ERROR_AUTHENTICATION_FAILED) {
            return LoginPlan.Failure(code: .passphraseNeeded, reason: "\(attempt.name): the passphrase is wrong")
        }
        return LoginPlan.Failure(code: .authenticationFailed, reason: "\(attempt.name): \(complaint ?? lastError)")
    }

    private func tryFile(
        _ file: KeyFile,
        _ attempted: String,
        _ user: String,
        _ deadline: Deadline
    ) throws(TransportError) -> Int {
        let phrase = endpoint.passphrase?.reveal()
        let length = UInt32(user.utf8.count)
        return try wait(attempted, until: deadline) {
            Int(libssh2_userauth_publickey_fromfile_ex(pointer, user, length, nil, file.path, phrase))
        }
    }

    private func tryAgent(
        _ agent: SSHAgent?,
        _ key: HostKey,
        _ attempted: String,
        _ user: String,
        _ deadline: Deadline,
        complaint: inout String?
    ) throws(TransportError) -> Int {
        guard let agent else { return Int(LIBSSH2_ERROR_AGENT_PROTOCOL) }
        let signer = AgentSigner(agent: agent, key: key)
        var context: UnsafeMutableRawPointer? = Unmanaged.passUnretained(signer).toOpaque()
        let code = try withExtendedLifetime(signer) { () throws(TransportError) in
            try wait(attempted, until: deadline) {
                Int(libssh2_userauth_publickey(pointer, user, key.blob, key.blob.count, AgentSigner.callback, &context))
            }
        }
        complaint = signer.complaint
        return code
    }

    private func tooManyKeys(_ attempted: String) -> TransportError {
        failure(
            .tooManyKeys,
            attempted,
            "the server ended the connection; after too many keys it does (MaxAuthTries): \(lastError)",
            "name the right key in ssh.identityFiles; it is tried first"
        )
    }
}

/// Signs a login by the agent when libssh2 asks for it.
private final class AgentSigner {
    let agent: SSHAgent
    let key: HostKey
    var complaint: String?

    init(agent: SSHAgent, key: HostKey) {
        self.agent = agent
        self.key = key
    }

    /// The signature goes back in memory of malloc(3), as libssh2's default allocator wants it.
    static let callback:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, UnsafeMutablePointer<Int>?,
            UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int32 = { _, signature, length, data, count, abstract in
            guard let object = abstract?.pointee else { return -1 }
            let signer = Unmanaged<AgentSigner>.fromOpaque(object).takeUnretainedValue()
            do throws(FramedSocket.Failure) {
                let bytes = try signer.agent.sign(
                    Array(UnsafeBufferPointer(start: data, count: count)),
                    with: signer.key
                )
                guard let memory = malloc(bytes.count) else { return -1 }
                memory.copyMemory(from: bytes, byteCount: bytes.count)
                signature?.pointee = memory.assumingMemoryBound(to: UInt8.self)
                length?.pointee = bytes.count
                return 0
            } catch {
                signer.complaint = "the agent: \(error.reason)"
                return -1
            }
        }
}
