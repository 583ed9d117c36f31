/// How one host's teardown ended.
package struct TeardownOutcome: Sendable {
    package enum Ending: Sendable {
        /// Nothing of the cluster is left, proven by a survey after the work.
        case clean
        case left([TeardownItem])
        case refused(String, remedy: String)
        case unreachable(String)
        /// The connection was lost while a step ran.
        case unknown(TransportError)
        case failed(String)
        case interrupted
    }

    package var host: String
    package var ending: Ending
    package var done: [Action]

    package init(host: String, ending: Ending, done: [Action] = []) {
        self.host = host
        self.ending = ending
        self.done = done
    }

    package var isClean: Bool {
        guard case .clean = ending else { return false }
        return true
    }

    /// The status that says how all of them ended, the most urgent first.
    package static func exitStatus(_ outcomes: [TeardownOutcome]) -> ExitStatus {
        let statuses = outcomes.map(\.status)
        for status in [ExitStatus.refused, .interrupted, .stateUnknown, .partlyApplied] where statuses.contains(status)
        {
            return status
        }
        return .success
    }

    /// Whether nothing could be done there: nobody answers, or it is another cluster's host by now.
    package var isOutOfReach: Bool {
        switch ending {
        case .unreachable, .refused: true
        default: false
        }
    }

    private var status: ExitStatus {
        switch ending {
        case .clean: .success
        case .left, .unreachable, .failed: .partlyApplied
        case .refused: .refused
        case .unknown: .stateUnknown
        case .interrupted: .interrupted
        }
    }
}
