/// One thing that happened in a run; the live view, the summary and the run record all come from these.
package struct RunEvent: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case runStarted, hostObserved, hostUnreachable, locked
        case stageWaiting, stageStarted, actionDone, actionFailed, stageDone, stageFailed, stageNotRun
        case gateOpened, gateFailed, laneDone, interrupted, runFinished
    }

    package var kind: Kind
    package var host: String?
    package var stage: String?
    /// The resource's id or the action's title.
    package var step: String?
    /// The action's kind, where it is about one.
    package var action: String?
    package var message: String
    package var milliseconds: Int?

    package init(
        _ kind: Kind,
        host: String? = nil,
        stage: String? = nil,
        step: String? = nil,
        action: String? = nil,
        message: String,
        milliseconds: Int? = nil
    ) {
        self.kind = kind
        self.host = host
        self.stage = stage
        self.step = step
        self.action = action
        self.message = message
        self.milliseconds = milliseconds
    }
}
