import ProvisionCore
import Templates

/// How a run ended, in words: what changed, what failed and with which words, what was not run and why.
struct RunSummary {
    let report: RunReport

    /// One thing to say, and what the run's record keeps of it.
    struct Entry {
        var text: String
        /// Whether it must be read even with `--quiet`.
        var isProblem = true
        var event: RunEvent?
    }

    /// For standard error, and what failed for the run's record too.
    func show(_ console: Console) {
        for entry in entries(console) {
            if entry.isProblem { console.problem(entry.text, as: entry.event) } else { console.note(entry.text) }
        }
    }

    /// Failures first, then one line per host.
    func entries(_ console: Console) -> [Entry] {
        let width = report.lanes.map(\.host.count).max() ?? 0
        return report.lanes.compactMap { failure($0, console) } + report.lanes.map { line($0, width, console) }
    }

    private func line(_ lane: LaneOutcome, _ width: Int, _ console: Console) -> Entry {
        let word = word(lane, console)
        var entry = Entry(text: "\(lane.host.padding(to: width))  \(word)")
        switch lane.ending {
        case .asWanted: entry.isProblem = false
        case .notRun, .interrupted:
            entry.event = RunEvent(.remark, host: lane.host, message: "\(lane.host): \(word)")
        case .failed, .unreachable, .unknown, .refused: break
        }
        return entry
    }

    private func word(_ lane: LaneOutcome, _ console: Console) -> String {
        let changes = counted(lane.done.count, "change")
        switch lane.ending {
        case .asWanted:
            return lane.done.isEmpty
                ? "as wanted, 0 changes" : "\(console.paint("changed", .green)), \(changes)\(restarts(lane))"
        case .failed(let failure): return console.paint("failed in \(failure.stage)", .red) + ", \(changes) before that"
        case .unreachable: return console.paint("not reached", .red) + ", nothing changed"
        case .unknown(_, let stage): return console.paint("state unknown: the connection was lost in \(stage)", .red)
        case .notRun(let stage, let reason):
            return console.paint("stopped before \(stage): \(reason)", .yellow) + ", \(changes)"
        case .refused(let why, _): return console.paint("refused: \(why)", .red) + ", \(changes)"
        case .interrupted(let stage): return console.paint("interrupted before \(stage)", .yellow) + ", \(changes)"
        }
    }

    private func restarts(_ lane: LaneOutcome) -> String {
        let names = lane.done.filter { [.restart, .reload, .start].contains($0.kind) }.map(\.title)
        return names.isEmpty ? "" : ": " + names.joined(separator: ", ")
    }

    private func failure(_ lane: LaneOutcome, _ console: Console) -> Entry? {
        switch lane.ending {
        case .failed(let failure): return failed(failure, lane, console)
        case .unreachable(let error), .unknown(let error, _): return lost(error, lane, console)
        case .refused(let why, let remedy):
            let event = RunEvent(.problem, host: lane.host, message: "\(lane.host): refused: \(why)", remedy: remedy)
            return block("\(lane.host): refused", [("found", why)], event, console)
        case .asWanted, .notRun, .interrupted: return nil
        }
    }

    private func failed(_ failure: StepFailure, _ lane: LaneOutcome, _ console: Console) -> Entry {
        let title = "\(failure.host): \(failure.stage) failed"
        let words = Sanitised.text(failure.output)
        let again = "mend what it says, then run the same command again; it continues from what stands"
        let event = RunEvent(
            .problem,
            host: lane.host,
            stage: failure.stage,
            step: failure.step,
            message: "\(title): \(words)",
            attempted: failure.attempted,
            remedy: failure.remedy ?? again
        )
        let done = lane.done.isEmpty ? [] : [("done", Self.list(lane.done))]
        return block(title, [("attempted", failure.attempted), ("came back", words)] + done, event, console)
    }

    private func lost(_ error: TransportError, _ lane: LaneOutcome, _ console: Console) -> Entry {
        let words = Sanitised.text(error.reason)
        let event = RunEvent(
            .problem,
            host: lane.host,
            message: "\(lane.host): \(words) [\(error.code.rawValue)]",
            attempted: error.attempted,
            remedy: error.remedy
        )
        let rows = [("attempted", error.attempted), ("came back", words)]
        return block("\(lane.host): \(error.code.rawValue)", rows, event, console)
    }

    /// What was changed before; the last of many.
    private static func list(_ done: [Action]) -> String {
        let titles = done.suffix(8).map(\.title).joined(separator: ", ")
        return done.count > 8 ? "\(counted(done.count - 8, "other")), \(titles)" : titles
    }

    private func block(_ title: String, _ rows: [(String, String)], _ event: RunEvent, _ console: Console) -> Entry {
        let body = (rows + [("try", event.remedy ?? "")]).map { name, text in
            "  \(name.padding(to: 10))\(text.replacing("\n", with: "\n            "))"
        }
        return Entry(text: ([console.paint("× \(title)", .red)] + body).joined(separator: "\n"), event: event)
    }
}
