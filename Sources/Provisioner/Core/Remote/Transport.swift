/// One open way to one host.
///
/// One owner; commands on it run one after another.
package protocol Transport: Sendable {
    /// Runs a command to its end, draining both streams.
    ///
    /// - Throws: `TransportError` when the connection failed or the end of the command was not seen; then it is
    ///   unknown what the command did.
    func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult

    /// Ends the connection. Safe to call twice.
    func close() async
}

/// Why a host could not be talked to.
package struct TransportError: Error, Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        case unreachable, refused, nameNotResolved, timeout
        case algorithmMismatch
        case hostKeyUnknown, hostKeyChanged, hostKeyRevoked, knownHostsUnreadable
        case authenticationFailed, keyUnreadable, keyPermissions, passphraseNeeded, tooManyKeys
        case connectionLost, protocolFailure, localFailure, cancelled
    }

    package var code: Code
    /// The host as the inventory names it.
    package var host: String
    /// What was attempted, for example "connect to 192.168.2.2 port 22".
    package var attempted: String
    /// What came back.
    package var reason: String
    /// What to try next.
    package var remedy: String

    package init(code: Code, host: String, attempted: String, reason: String, remedy: String) {
        self.code = code
        self.host = host
        self.attempted = attempted
        self.reason = reason
        self.remedy = remedy
    }

    /// Whether a command may have started before the failure, so that the host's state is unknown.
    package var stateIsUnknown: Bool { code == .connectionLost || code == .timeout || code == .cancelled }
}
