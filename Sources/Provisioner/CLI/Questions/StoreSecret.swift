import Foundation
import PKI
import ProvisionCore
import Synchronization
import Templates

/// What encrypts the authorities' keys: read, or asked for once in a run, when the first of them is opened or made.
struct StoreSecret {
    let pki: PKISpec
    /// Whether there is somebody to ask.
    let mayAsk: Bool

    /// `nil` where the keys lie open.
    var source: CredentialStore.Passphrase? {
        switch pki.keySecret {
        case .none: return nil
        case .firstLine(let path): return { _ in try SecretFile.firstLine(path) }
        case .file(let path): return { _ in try Self.digest(of: path) }
        case .ask: return { [pki, mayAsk] use in try Self.typed(for: pki.directory, use, mayAsk: mayAsk) }
        }
    }

    /// Any bytes are a key, and a passphrase is text: SHA-256, so that `openssl pkey -passin` opens it by `sha256sum`.
    static func digest(of path: String) throws -> Secret<String> {
        try SecretFile.requirePrivate(path)
        guard let data = FileManager.default.contents(atPath: path), data.count >= 16 else {
            throw CommandFailure(
                "\(path): no key that can be read, or less than 16 bytes",
                remedy: "bring the one that the store was made with; for a new store make one, mode 0600: "
                    + "head -c 32 /dev/urandom > \(path)",
                status: .failed
            )
        }
        return Secret(SHA256Digest.hex(of: Array(data)))
    }

    private static let answers = Mutex<[String: Secret<String>]>([:])

    private static func typed(
        for directory: String,
        _ use: CredentialStore.KeyUse,
        mayAsk: Bool
    ) throws -> Secret<String> {
        if let known = answers.withLock({ $0[directory] }) { return known }
        let answer = try ask("passphrase of the authorities' keys", mayAsk)
        if use == .sealing, try ask("the same again", mayAsk) != answer {
            throw CommandFailure("the two are not the same; no key was written", remedy: "try again", status: .usage)
        }
        answers.withLock { $0[directory] = answer }
        return answer
    }

    private static func ask(_ what: String, _ mayAsk: Bool) throws -> Secret<String> {
        guard mayAsk, let text = Prompt.secret(what) else {
            throw CommandFailure(
                "the \(what) cannot be asked (pki.passphrase): there is no terminal, or --no-input",
                remedy: "run it at a terminal, or use pki.passphraseFile or pki.keyFile",
                status: .usage
            )
        }
        guard !text.isEmpty else {
            throw CommandFailure("an empty passphrase protects nothing", remedy: "try again", status: .usage)
        }
        return Secret(text)
    }
}
