/// One thing that happened in a run; the live view, the summary and the run record all come from these.
package struct RunEvent: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case hostObserved, hostUnreachable, locked
        case stageWaiting, stageStarted, actionDone, actionFailed, stageDone, stageFailed, stageNotRun
        case gateOpened, gateFailed, laneDone, interrupted, runFinished
        /// A host did not get a file from another one, or sends none on.
        case relayFailed
        /// What was shown and happened on no host's lane: something that is not as it must be, and a remark.
        case problem, remark
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
    /// What was tried, of a problem.
    package var attempted: String?
    /// What to do about a problem.
    package var remedy: String?
    /// The exit status, of a run that has ended.
    package var status: Int32?

    package init(
        _ kind: Kind,
        host: String? = nil,
        stage: String? = nil,
        step: String? = nil,
        action: String? = nil,
        message: String,
        milliseconds: Int? = nil,
        attempted: String? = nil,
        remedy: String? = nil,
        status: Int32? = nil
    ) {
        self.kind = kind
        self.host = host
        self.stage = stage
        self.step = step
        self.action = action
        self.message = message
        self.milliseconds = milliseconds
        self.attempted = attempted
        self.remedy = remedy
        self.status = status
    }
}
