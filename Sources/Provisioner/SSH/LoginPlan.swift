package import ProvisionCore
import Templates

/// Which keys to offer, in which order, and what to say when none is accepted.
///
/// A configured key that the agent holds is signed by the agent, so that an encrypted file needs no passphrase.
/// The server counts every offer (MaxAuthTries), so keys with which libssh2 cannot sign are not offered.
package struct LoginPlan: Sendable {
    package enum Attempt: Sendable, Equatable {
        case file(KeyFile)
        case agent(HostKey)

        /// For messages.
        package var name: String {
            switch self {
            case .file(let file): file.path
            case .agent(let key): "the agent's \(key.type) \(key.fingerprint)"
            }
        }
    }

    package struct Failure: Sendable, Equatable {
        package var code: TransportError.Code
        package var reason: String
    }

    package private(set) var attempts: [Attempt] = []
    package var failures: [Failure] = []

    init(endpoint: SSHEndpoint, agent: SSHAgent?, signatures: Set<String>) {
        do {
            self.init(endpoint: endpoint, held: try agent?.keys() ?? [], signatures: signatures)
        } catch {
            self.init(endpoint: endpoint, held: [], signatures: signatures)
            failures.append(Failure(code: .authenticationFailed, reason: "the agent: \(error.reason)"))
        }
    }

    /// Pure but for the key files that it reads.
    package init(endpoint: SSHEndpoint, held: [HostKey], signatures: Set<String>) {
        for path in endpoint.identityFiles {
            do throws(KeyFile.Problem) {
                add(try KeyFile(path: path), held, hasPassphrase: endpoint.passphrase != nil, signatures)
            } catch { failures.append(Self.failure(error, path)) }
        }
        for key in held where !endpoint.identitiesOnly && !attempts.contains(.agent(key)) {
            if let why = Methods.unsupported(key: key.type, by: signatures) {
                failures.append(Failure(code: .algorithmMismatch, reason: "\(Attempt.agent(key).name): \(why)"))
            } else {
                attempts.append(.agent(key))
            }
        }
    }

    private mutating func add(_ file: KeyFile, _ held: [HostKey], hasPassphrase: Bool, _ signatures: Set<String>) {
        func fail(_ code: TransportError.Code, _ why: String) {
            failures.append(Failure(code: code, reason: "\(file.path): \(why)"))
        }
        if let why = file.unsupported(by: signatures) {
            fail(.algorithmMismatch, why)
        } else if let key = file.publicKey, held.contains(key) {
            attempts.append(.agent(key))
        } else if file.isPublicOnly {
            fail(.authenticationFailed, "a public key, whose private half is not in the agent")
        } else if file.isEncrypted, !hasPassphrase {
            fail(.passphraseNeeded, "the key is encrypted")
        } else {
            attempts.append(.file(file))
        }
    }

    private static func failure(_ problem: KeyFile.Problem, _ path: String) -> Failure {
        switch problem {
        case .unreadable(let why): Failure(code: .keyUnreadable, reason: "\(path): \(why)")
        case .permissions(let mode):
            Failure(
                code: .keyPermissions,
                reason: "\(path): its mode is \(String(mode, radix: 8)): others can read it, so it is not used"
            )
        }
    }

    /// What to report when nothing was accepted: what another transport can do comes first, then what a person can.
    package var verdict: (code: TransportError.Code, reason: String) {
        let order: [TransportError.Code] = [.algorithmMismatch, .keyPermissions, .passphraseNeeded]
        let found = order.first { code in failures.contains { $0.code == code } }
        let isAllUnreadable = !failures.isEmpty && failures.allSatisfy { $0.code == .keyUnreadable }
        let reason = failures.isEmpty ? "there is no key to try" : failures.map(\.reason).joined(separator: "; ")
        return (found ?? (isAllUnreadable ? .keyUnreadable : .authenticationFailed), reason)
    }

    package func remedy(_ code: TransportError.Code, user: String) -> String {
        switch code {
        case .algorithmMismatch: "use an ed25519 key, or ssh.transport: openssh"
        case .keyPermissions: "chmod 600 the key"
        case .passphraseNeeded: "use ssh.passphraseFile, or load the key into ssh-agent"
        case .keyUnreadable: "correct ssh.identityFiles"
        default:
            "name a key in ssh.identityFiles whose public half lies in \(user)'s authorized_keys, or load it into the agent"
        }
    }
}
