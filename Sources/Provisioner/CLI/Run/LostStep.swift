import ProvisionCore
import ProvisionEngine

/// A connection that was lost in a step: nobody knows what the step did.
enum LostStep {
    /// Names the step where its state is unknown.
    ///
    /// - Parameters:
    ///   - error: What ended it.
    ///   - step: What was attempted.
    ///   - remedy: How it goes on.
    /// - Returns: A failure with exit status 7; the error itself where it is another one.
    static func named(_ error: any Error, in step: String, remedy: String) -> any Error {
        guard let lost = error as? TransportError, lost.stateIsUnknown else { return error }
        return CommandFailure(
            "\(lost.host): the connection was lost in this step, so its state is unknown: \(step)\n  \(lost.summary)",
            remedy: remedy,
            status: .stateUnknown
        )
    }

    /// What is said of several hosts' failures: one whose state is unknown before all others.
    static func first(of errors: [any Error]) -> (any Error)? {
        errors.first {
            ($0 as? CommandFailure)?.status == .stateUnknown || ($0 as? TransportError)?.stateIsUnknown == true
        } ?? errors.first
    }
}

extension HostSession {
    /// Runs a script that changes the host and must succeed; what it printed.
    ///
    /// - Throws: `CommandFailure` with its last words, or where the connection was lost in it; `TransportError`.
    @discardableResult
    func step(_ script: String, attempted: String, remedy: String, seconds: Int = 300) async throws -> String {
        do {
            return try await require(script, attempted: attempted, remedy: remedy, seconds: seconds)
        } catch { throw LostStep.named(error, in: attempted, remedy: remedy) }
    }
}
