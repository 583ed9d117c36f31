/// A failure to get, build or verify an artifact, told so that the reader knows the next step.
package struct ArtifactError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable code, for tests and for scripts that read JSON output.
    package enum Code: String, Sendable, Hashable {
        case notFound = "artifact-not-found"
        case forbidden = "artifact-forbidden"
        case loginPage = "artifact-login-page"
        case hashMismatch = "artifact-hash-mismatch"
        case lockMismatch = "artifact-lock-mismatch"
        case lockUnreadable = "artifact-lock-unreadable"
        case truncated = "artifact-truncated"
        case timeout = "artifact-timeout"
        case transfer = "artifact-transfer"
        case checksumUnreadable = "artifact-checksum-unreadable"
        case versionMissing = "artifact-version-missing"
        case versionUnavailable = "artifact-version-unavailable"
        case unsupported = "artifact-unsupported"
        case missing = "artifact-missing"
        case toolMissing = "artifact-tool-missing"
        case commandFailed = "artifact-command-failed"
        case bundleUnreadable = "artifact-bundle-unreadable"
        case file = "artifact-file"
    }

    package let code: Code
    /// The artifact, file or URL concerned.
    package let subject: String
    /// What was tried.
    package let attempted: String
    /// What came back.
    package let reason: String
    /// What to do about it.
    package let remedy: String

    package init(_ code: Code, subject: String, attempted: String, reason: String, remedy: String) {
        self.code = code
        self.subject = subject
        self.attempted = attempted
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(problem)\n  try  \(remedy)" }

    /// The first line of it: what is wrong, without what to do.
    var problem: String { "× \(subject): could not \(attempted): \(reason) [\(code.rawValue)]" }
}
