import ProvisionCore
import Synchronization

/// The stage that runs on each host now: what is unknown when a run is left at once.
final class RunningSteps: Sendable {
    private let stages = Mutex<[String: String]>([:])

    func follow(_ event: RunEvent) {
        guard let host = event.host else { return }
        switch event.kind {
        case .stageStarted: stages.withLock { $0[host] = event.stage ?? event.message }
        case .stageDone, .stageFailed, .laneDone, .hostUnreachable: stages.withLock { $0[host] = nil }
        default: return
        }
    }

    /// What to say; hosts in order.
    var farewell: String {
        let now = stages.withLock { $0 }
        guard !now.isEmpty else { return "left at once; no step was running on any host" }
        let list = now.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        return """
            left at once: what these steps did is unknown, and these hosts stay locked by this run: \(list)
              try  run the same command again: it asks the hosts first, and takes over locks of a process that is gone
            """
    }
}
