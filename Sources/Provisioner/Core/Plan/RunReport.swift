/// How a whole run ended, and the exit status that says so.
package struct RunReport: Sendable {
    package var lanes: [LaneOutcome]
    package var lockHolder: String?

    package init(lanes: [LaneOutcome], lockHolder: String? = nil) {
        self.lanes = lanes
        self.lockHolder = lockHolder
    }

    package var changes: Int { lanes.reduce(0) { $0 + $1.done.count } }
    /// Whether it ended before any host was changed.
    package var touchedNothing: Bool {
        !isAsWanted && changes == 0 && lanes.allSatisfy { $0.ending == .asWanted || $0.ending.cameFirst }
    }
    package var isAsWanted: Bool { lockHolder == nil && lanes.allSatisfy { $0.ending == .asWanted } }

    package var exitCode: ExitStatus {
        if lockHolder != nil { return .lockHeld }
        let endings = lanes.map(\.ending)
        if endings.allSatisfy({ $0 == .asWanted }) { return .success }
        if endings.contains(where: \.isInterrupted) { return .interrupted }
        if endings.contains(where: \.isUnknown) { return .stateUnknown }
        if endings.contains(where: \.isRefused), changes == 0 { return .refused }
        if endings.contains(where: \.isVerification), !endings.contains(where: \.isHardFailure) { return .gateFailed }
        return changes == 0 ? .failed : .partlyApplied
    }
}

/// The exit statuses, a contract with scripts.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    case failed = 1
    case changesPending = 2
    case partlyApplied = 3
    case preflightFailed = 4
    case lockHeld = 5
    case gateFailed = 6
    case stateUnknown = 7
    case refused = 8
    case usage = 64
    case inventoryInvalid = 78
    case interrupted = 130
}

extension LaneOutcome.Ending {
    fileprivate var isInterrupted: Bool {
        guard case .interrupted = self else { return false }
        return true
    }

    /// Whether it stopped a lane between actions, not in one.
    fileprivate var cameFirst: Bool {
        switch self {
        case .unreachable, .notRun, .refused, .interrupted: true
        case .asWanted, .failed, .unknown: false
        }
    }

    fileprivate var isUnknown: Bool {
        guard case .unknown = self else { return false }
        return true
    }

    fileprivate var isRefused: Bool {
        guard case .refused = self else { return false }
        return true
    }

    fileprivate var isVerification: Bool {
        guard case .failed(let failure) = self else { return false }
        return failure.kind == .wait
    }

    fileprivate var isHardFailure: Bool {
        switch self {
        case .failed(let failure): failure.kind != .wait
        case .unreachable, .refused: true
        default: false
        }
    }
}
