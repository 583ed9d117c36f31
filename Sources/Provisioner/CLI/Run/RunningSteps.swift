import ProvisionCore
import Synchronization

/// What runs on hosts now, and which of them are locked: what is to be said when a run is left at once.
final class RunningSteps: Sendable {
    private struct State {
        /// The stage that each host is in.
        var stages: [String: String] = [:]
        /// How many commands each host was given whose end was not seen yet.
        var commands: [String: Int] = [:]
        var locked: Set<String> = []
        /// The command that goes on, where it is not the same again.
        var onward: String?
    }

    private let state = Mutex(State())

    func follow(_ event: RunEvent) {
        guard let host = event.host else { return }
        switch event.kind {
        case .stageStarted: state.withLock { $0.stages[host] = event.stage ?? event.message }
        case .stageDone, .stageFailed, .laneDone, .hostUnreachable, .interrupted:
            state.withLock { $0.stages[host] = nil }
        default: return
        }
    }

    /// A command goes to a host.
    func begin(on host: String) { state.withLock { $0.commands[host, default: 0] += 1 } }

    /// Its end was seen, or that there is none to wait for.
    func end(on host: String) { state.withLock { $0.commands[host, default: 1] -= 1 } }

    func lock(_ host: String) { state.withLock { _ = $0.locked.insert(host) } }

    func unlock(_ host: String) { state.withLock { _ = $0.locked.remove(host) } }

    /// Hosts that this run holds, in order.
    var locked: [String] { state.withLock { $0.locked.sorted() } }

    /// From now on this command goes on with what was begun, whatever was called first.
    func goesOn(with command: String) { state.withLock { $0.onward = command } }

    /// What to say; hosts in order.
    var farewell: String {
        let now = state.withLock { $0 }
        let commands = now.commands.filter { $0.value > 0 }.mapValues { _ in "a command" }
        let running = commands.merging(now.stages) { _, stage in stage }
        guard !running.isEmpty || !now.locked.isEmpty else {
            return "left at once; nothing was running on any host, and this run holds no lock"
        }
        let steps = running.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        let locks = now.locked.sorted().joined(separator: ", ")
        return """
            left at once
              running  \(steps.isEmpty ? "nothing on any host" : "what these did is unknown: \(steps)")
              locked   \(locks.isEmpty ? "no host" : "by this run, until they reboot: \(locks)")
              try      \(now.onward ?? "run the same command again")
                       it asks hosts first, and takes over locks of a process that is gone
            """
    }
}
