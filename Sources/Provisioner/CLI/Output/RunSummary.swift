import ProvisionCore

/// How a run ended, in words: what changed, what failed and with which words, what was not run and why.
struct RunSummary {
    let report: RunReport

    /// Lines for standard error; failures first, then one line per host.
    func lines(_ console: Console) -> [String] {
        let width = report.lanes.map(\.host.count).max() ?? 0
        return report.lanes.flatMap { failure($0, console) }
            + report.lanes.map { "\($0.host.padding(to: width))  \(word($0, console))" }
    }

    private func word(_ lane: LaneOutcome, _ console: Console) -> String {
        let changes = lane.done.count
        let counted = changes == 1 ? "1 change" : "\(changes) changes"
        switch lane.ending {
        case .asWanted:
            return changes == 0
                ? "as wanted, 0 changes" : "\(console.paint("changed", .green)), \(counted)\(restarts(lane))"
        case .failed(let failure): return console.paint("failed in \(failure.stage)", .red) + ", \(counted) before that"
        case .unreachable: return console.paint("not reached", .red) + ", nothing changed"
        case .unknown(_, let stage): return console.paint("state unknown: the connection was lost in \(stage)", .red)
        case .notRun(let stage, let reason):
            return console.paint("stopped before \(stage): \(reason)", .yellow) + ", \(counted)"
        case .refused(let why, _): return console.paint("refused: \(why)", .red) + ", \(counted)"
        case .interrupted(let stage): return console.paint("interrupted before \(stage)", .yellow) + ", \(counted)"
        }
    }

    private func restarts(_ lane: LaneOutcome) -> String {
        let names = lane.done.filter { [.restart, .reload, .start].contains($0.kind) }.map(\.title)
        return names.isEmpty ? "" : ": " + names.joined(separator: ", ")
    }

    private func failure(_ lane: LaneOutcome, _ console: Console) -> [String] {
        switch lane.ending {
        case .failed(let failure):
            return block(
                console,
                title: "\(failure.host): \(failure.stage) failed",
                rows: [("attempted", failure.attempted), ("came back", Sanitised.text(failure.output))]
                    + (lane.done.isEmpty ? [] : [("done", Self.list(lane.done))]),
                remedy: "mend what it says, then run the same command again; it continues from what stands"
            )
        case .unreachable(let error), .unknown(let error, _):
            return block(
                console,
                title: "\(lane.host): \(error.code.rawValue)",
                rows: [("attempted", error.attempted), ("came back", Sanitised.text(error.reason))],
                remedy: error.remedy
            )
        case .refused(let why, let remedy):
            return block(console, title: "\(lane.host): refused", rows: [("found", why)], remedy: remedy)
        case .asWanted, .notRun, .interrupted: return []
        }
    }

    /// What was changed before; the last of many.
    private static func list(_ done: [Action]) -> String {
        let titles = done.suffix(8).map(\.title).joined(separator: ", ")
        return done.count > 8 ? "\(done.count - 8) others, \(titles)" : titles
    }

    private func block(_ console: Console, title: String, rows: [(String, String)], remedy: String) -> [String] {
        let body = (rows + [("try", remedy)]).map { name, text in
            "  \(name.padding(to: 10))\(text.replacing("\n", with: "\n            "))"
        }
        return [console.paint("× \(title)", .red)] + body
    }
}
