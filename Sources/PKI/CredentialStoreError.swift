/// Why the credential store cannot be used as it is; nothing was changed.
package struct CredentialStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case authorityKeyMissing, authorityKeyMismatch, authorityExpired, authorityUnusable, keyMissing
        case passphraseWrong, permissions, unreadable, unwritable, damaged, profileInvalid, requestsWaiting
        case rotationInProgress, busy
    }

    package let code: Code
    /// The file or the certificate.
    package let subject: String
    package let reason: String
    package let remedy: String

    init(code: Code, subject: String, reason: String, remedy: String) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(subject): \(reason) [\(code.rawValue)]\n  try  \(remedy)" }
}
