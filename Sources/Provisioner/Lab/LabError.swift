/// Why a lab cannot do what was asked.
package struct LabError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case missingTools, subnetInUse, commandFailed, hostNotReady, unknownHost, leftovers
    }

    package let code: Code
    /// The lab, host or path.
    package let subject: String
    package let attempted: String
    package let reason: String
    package let remedy: String

    package init(_ code: Code, subject: String, attempted: String, reason: String, remedy: String) {
        self.code = code
        self.subject = subject
        self.attempted = attempted
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String {
        "× \(subject): could not \(attempted): \(reason)\n  try  \(remedy)"
    }
}
