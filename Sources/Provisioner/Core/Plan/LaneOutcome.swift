/// How one host's lane ended.
package struct LaneOutcome: Sendable {
    package enum Ending: Sendable, Equatable {
        case asWanted
        /// An action failed, or what it did did not last.
        case failed(StepFailure)
        /// The host was not reached, so nothing was changed on it.
        case unreachable(TransportError)
        /// The connection was lost while a step ran.
        case unknown(TransportError, stage: String)
        /// A stage could not begin because something it needs failed elsewhere.
        case notRun(stage: String, reason: String)
        case refused(String, remedy: String)
        case interrupted(stage: String)

        /// Whether the host could still be asked for more.
        package var leavesConnection: Bool {
            switch self {
            case .failed, .notRun, .refused: true
            case .asWanted, .unreachable, .unknown, .interrupted: false
            }
        }
    }

    package var host: String
    package var ending: Ending
    /// The actions that were performed, in order.
    package var done: [Action]

    package init(host: String, ending: Ending, done: [Action]) {
        self.host = host
        self.ending = ending
        self.done = done
    }
}

/// A step that failed: everything that a person needs to act on it.
package struct StepFailure: Sendable, Equatable {
    package var host: String
    package var stage: String
    package var step: String
    /// The action's kind; a failed `wait` is a verification that did not pass.
    package var kind: Action.Kind
    package var attempted: String
    /// The host's own words.
    package var output: String
    /// Whether the action found a safety rule against it, and changed nothing.
    package var isRefusal = false
    /// What to try next, where that is known better than "mend what it says".
    package var remedy: String?

    package init(host: String, stage: String, step: String, kind: Action.Kind, attempted: String, output: String) {
        self.host = host
        self.stage = stage
        self.step = step
        self.kind = kind
        self.attempted = attempted
        self.output = output
    }
}

extension LaneOutcome.Ending {
    /// What an error of the connection means for the stage that it ended: its state is unknown only where something of
    /// it may have run.
    package init(_ error: TransportError, host: String, stage: String) {
        guard !error.stateIsUnknown else {
            self = .unknown(error, stage: stage)
            return
        }
        var failure = StepFailure(
            host: host,
            stage: stage,
            step: error.attempted,
            kind: .run,
            attempted: error.attempted,
            output: "\(error.reason) [\(error.code.rawValue)]; this step changed nothing"
        )
        failure.remedy = error.remedy
        self = .failed(failure)
    }
}
