import Synchronization
import Templates

/// What a person was asked about hosts, and has answered: once in a process, whoever opens them.
///
/// A verb may open hosts several times, each time with connections of its own. An answer is kept until the process ends, a
/// wrong one too: the error that it leads to says what to do.
final class AskedOnce: Sendable {
    static let shared = AskedOnce()

    private let password = Mutex<Secret<String>?>(nil)
    /// By the keys that they may open.
    private let passphrases = Mutex<[[String]: Secret<String>]>([:])
    /// Whether a host's key is the right one, by both.
    private let hostKeys = Mutex<[[String]: Bool]>([:])

    /// The password of all hosts.
    ///
    /// - Parameter ask: Asks the person; others wait for the same answer.
    /// - Returns: It; `nil` where nobody answers, which is not kept.
    func sudoPassword(ask: () -> String?) -> Secret<String>? {
        password.withLock { kept in
            if kept == nil { kept = ask().map { Secret($0) } }
            return kept
        }
    }

    /// The passphrase of encrypted keys.
    ///
    /// - Parameters:
    ///   - keys: Paths of those that it may open.
    ///   - ask: Asks the person; others wait for the same answer.
    /// - Returns: It; `nil` where nobody answers, which is not kept.
    func passphrase(of keys: [String], ask: () -> String?) -> Secret<String>? {
        passphrases.withLock { kept in
            if kept[keys] == nil { kept[keys] = ask().map { Secret($0) } }
            return kept[keys]
        }
    }

    /// Whether a person trusts a host's key; a no is kept like a yes.
    ///
    /// - Parameters:
    ///   - key: As it is shown, with its fingerprint.
    ///   - host: Who has it.
    ///   - ask: Asks the person; others wait for the same answer.
    /// - Returns: The answer.
    func trusts(_ key: String, of host: String, ask: () -> Bool) -> Bool {
        hostKeys.withLock { kept in
            let answer = kept[[host, key]] ?? ask()
            kept[[host, key]] = answer
            return answer
        }
    }
}
