import ProvisionCore
import Synchronization

/// A run as a person watches it, on standard error: a board on a terminal, elsewhere one plain line per thing that happened.
final class RunView: Sendable {
    private let console: Console
    private let width: Int
    private let board: LiveBoard?
    private let start = ContinuousClock.now

    init(console: Console, hosts: [String]) {
        self.console = console
        width = hosts.map(\.count).max() ?? 0
        board = console.isInteractive && console.isColoured ? LiveBoard(hosts: hosts, console: console) : nil
    }

    func show(_ event: RunEvent) {
        let line = line(for: event)
        if let board {
            board.show(event, line: Self.stays(event) ? line : nil)
        } else if let line {
            console.note(line)
        }
    }

    /// Says something in the middle of a run, whatever is on the screen; the record has it already.
    func announce(_ text: String) {
        if let board { board.announce(text) } else { console.problem(text, as: nil) }
    }

    /// What is worth reading after it has happened.
    private static func stays(_ event: RunEvent) -> Bool {
        switch event.kind {
        case .gateOpened, .stageFailed, .stageNotRun, .hostUnreachable, .interrupted, .relayFailed: true
        case .actionDone: ["start", "restart", "reload"].contains(event.action)
        default: false
        }
    }

    private func line(for event: RunEvent) -> String? {
        let host = (event.host ?? "").padding(to: width)
        let took = event.milliseconds.map { " " + console.paint("(\(Self.seconds($0)))", .dim) } ?? ""
        let message = Sanitised.text(event.message)
        switch event.kind {
        case .hostObserved: return "\(stamp) \(host)  \(message)\(took)"
        case .hostUnreachable: return "\(stamp) \(host)  \(console.paint("× " + message, .red))\(took)"
        case .stageWaiting:
            return "\(stamp) \(host)  \(console.paint("… \(event.stage ?? "") waits for \(message)", .dim))"
        case .actionDone: return "\(stamp) \(host)  \(console.paint("+", .green)) \(message)\(took)"
        case .stageDone: return nil
        case .stageFailed:
            return
                "\(stamp) \(host)  \(console.paint("× \(event.stage ?? ""): \(event.step ?? "the connection")", .red))"
        case .stageNotRun:
            return "\(stamp) \(host)  \(console.paint("‼ \(event.stage ?? "") was not run: \(message)", .yellow))"
        case .relayFailed: return "\(stamp) \(host)  \(console.paint("‼ \(message)", .yellow))\(took)"
        case .gateOpened: return "\(stamp) \(host)  \(console.paint("✓ \(message)", .green))"
        case .interrupted: return console.paint(message, .yellow)
        case .actionFailed: return "\(stamp) \(host)  \(console.paint("× " + message, .red))\(took)"
        case .runFinished, .locked, .stageStarted, .gateFailed, .laneDone, .problem, .remark: return nil
        }
    }

    private var stamp: String {
        console.paint(Self.seconds(start.elapsedMilliseconds).padding(to: 7, left: true), .dim)
    }

    static func seconds(_ milliseconds: Int) -> String {
        "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }
}

extension String {
    /// Padded with spaces to a width, counted in characters.
    func padding(to width: Int, left: Bool = false) -> String {
        let fill = String(repeating: " ", count: max(0, width - count))
        return left ? fill + self : self + fill
    }
}

extension ContinuousClock.Instant {
    /// Milliseconds since then.
    var elapsedMilliseconds: Int {
        let (seconds, attoseconds) = duration(to: .now).components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
