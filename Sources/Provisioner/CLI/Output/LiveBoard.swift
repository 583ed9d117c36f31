import ProvisionCore
import Synchronization
import Templates

#if canImport(Glibc)
import Glibc
#endif

/// A run on a terminal: what matters scrolls by above, what each host does now stands below and is drawn again.
final class LiveBoard: Sendable {
    private struct Row {
        var text = "…"
        var changes = 0
        var since = ContinuousClock.now
        var isDone = false
    }

    private struct State {
        var rows: [String: Row] = [:]
        /// Lines of the block that is on the screen.
        var drawn = 0
        var lastDrawn: ContinuousClock.Instant?
    }

    private let hosts: [String]
    private let console: Console
    private let state = Mutex(State())

    init(hosts: [String], console: Console) {
        self.hosts = hosts
        self.console = console
    }

    /// Takes an event in.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - line: Stays above the block where it is given.
    func show(_ event: RunEvent, line: String?) {
        state.withLock { state in
            Self.update(&state.rows, event)
            let isQuiet = state.lastDrawn.map { $0.elapsedMilliseconds < 100 } ?? false
            guard line != nil || event.kind == .laneDone || !isQuiet else { return }
            draw(&state, above: line.map { [$0] } ?? [])
        }
    }

    /// Lines that stay above the block.
    func announce(_ text: String) { state.withLock { draw(&$0, above: [text]) } }

    /// What would stand below now, one line per host.
    func lines(columns: Int, limit: Int) -> [String] {
        state.withLock { block($0.rows, columns: columns, limit: limit) }
    }

    private static func update(_ rows: inout [String: Row], _ event: RunEvent) {
        guard let host = event.host else { return }
        var row = rows[host] ?? Row()
        switch event.kind {
        case .stageWaiting: row.text = "\(event.stage ?? "") waits for \(event.message)"
        case .stageStarted: row.text = event.stage ?? ""
        case .actionDone:
            row.changes += 1
            row.text = "\(event.stage ?? ""): \(event.message)"
        case .stageFailed: row.text = "failed in \(event.stage ?? "")"
        case .stageNotRun: row.text = "\(event.stage ?? "") was not run"
        case .hostObserved: row.text = "observed"
        case .hostUnreachable: row.text = "not reached"
        case .laneDone: row.text = "done"
        case .interrupted: row.text = "stopped"
        default: return
        }
        row.isDone = [.laneDone, .stageFailed, .stageNotRun, .hostUnreachable, .interrupted].contains(event.kind)
        row.since = .now
        rows[host] = row
    }

    private func draw(_ state: inout State, above: [String]) {
        let (columns, lines) = Self.size()
        let block = block(state.rows, columns: columns, limit: max(1, lines - 4))
        let up = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
        let text = (above + block).map { "\u{1B}[2K\($0)" }.joined(separator: "\n")
        console.draw("\r\(up)\(text)\n\u{1B}[J")
        state.drawn = block.count
        state.lastDrawn = .now
    }

    /// Hosts that still work come first where the screen has no room for all.
    private func block(_ rows: [String: Row], columns: Int, limit: Int) -> [String] {
        let known = hosts.filter { rows[$0] != nil }
        let working = known.filter { rows[$0]?.isDone == false }
        let shown =
            known.count <= limit ? known : Array((working + known.filter { !working.contains($0) }).prefix(limit - 1))
        let width = shown.map(\.count).max() ?? 0
        var lines = shown.map { host -> String in
            let row = rows[host] ?? Row()
            let age = row.isDone ? "" : "  \(row.since.elapsedMilliseconds / 1000) s"
            let text =
                "\(host.padding(to: width))  \(String(row.changes).padding(to: 3, left: true))  \(row.text)\(age)"
            let cut = String(Sanitised.text(text).prefix(max(10, columns - 1)))
            return console.paint(cut, row.isDone ? .dim : .bold)
        }
        if shown.count < known.count { lines.append("and \(counted(known.count - shown.count, "more host"))") }
        return lines
    }

    private static func size() -> (columns: Int, lines: Int) {
        var window = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return (80, 24) }
        return (Int(window.ws_col), window.ws_row > 0 ? Int(window.ws_row) : 24)
    }
}
