import ProvisionCore
import ProvisionEngine

/// Why not every host could be locked.
enum LockRefusal: CustomStringConvertible {
    case held(host: String, by: HostLock.Owner?)
    /// The connection was lost: nobody holds anything there.
    case silent(host: String, TransportError)

    var description: String {
        switch self {
        case .held(let host, let owner): "\(host) is held by \(owner?.description ?? "a run that left no name")"
        case .silent(let host, let error): "\(host) did not answer when it was to be locked: \(error.summary)"
        }
    }

    /// The report of a run that ends with it: nothing was changed.
    func report(on lanes: [ObservedLane]) -> RunReport {
        guard case .silent(let silent, let error) = self else { return RunReport(lanes: [], lockHolder: description) }
        return RunReport(
            lanes: lanes.map { lane in
                let host = lane.lane.host.name
                let reason = "\(silent) did not answer when all were to be locked"
                let ending: LaneOutcome.Ending =
                    host == silent || lane.failure != nil
                    ? .unreachable(lane.failure ?? error)
                    : lane.isSame ? .asWanted : .notRun(stage: lane.lane.stages.first?.name ?? "", reason: reason)
                return LaneOutcome(host: host, ending: ending, done: [])
            }
        )
    }
}
