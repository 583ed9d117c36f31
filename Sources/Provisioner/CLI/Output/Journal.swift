import ProvisionCore
import ProvisionEngine
import Synchronization

/// What a verb shows, in the records of its runs: events, problems and remarks, and last how it ended.
final class Journal: Sendable {
    private struct State {
        var records: [RunRecord] = []
        /// The last one that was shown.
        var problem: String?
        /// What the verb itself says of its end.
        var outcome: String?
        var isFinished = false
    }

    private let state = Mutex(State())
    private let start = ContinuousClock.now

    /// From now on everything goes into this record too.
    func keep(_ record: RunRecord) { state.withLock { $0.records.append(record) } }

    /// Hosts' own words may hold what no file of this machine should.
    func append(_ event: RunEvent) {
        var event = event
        event.message = Self.plain(event.message)
        event.attempted = event.attempted.map(Self.plain)
        event.remedy = event.remedy.map(Self.plain)
        let line = event
        state.withLock { state in
            guard !state.isFinished else { return }
            if line.kind == .problem { state.problem = line.message }
            for record in state.records { record.append(line) }
        }
    }

    /// What the last line says beside the exit status.
    func conclude(_ words: String) { state.withLock { $0.outcome = words } }

    /// Writes the last line; what comes after it is not kept.
    func finish(_ status: Int32) {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            let event = RunEvent(
                .runFinished,
                message: "exit \(status): \(Self.words(state, status))",
                milliseconds: start.elapsedMilliseconds,
                status: status
            )
            for record in state.records { record.append(event) }
        }
    }

    private static func words(_ state: State, _ status: Int32) -> String {
        let isDone = status == ExitStatus.success.rawValue
        let problem = isDone ? nil : state.problem?.split(separator: "\n").first.map(String.init)
        let words = [state.outcome, problem].compactMap(\.self)
        return words.isEmpty ? (isDone ? "done" : "not done") : words.joined(separator: "; ")
    }

    /// Without signs, colours and secrets.
    private static func plain(_ text: String) -> String {
        redaction.redact(Console.plain(text.hasPrefix("× ") ? String(text.dropFirst(2)) : text)).text
    }

    private static let redaction = Redaction(secrets: [])
}
