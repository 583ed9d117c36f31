import ProvisionCore
import ProvisionEngine
import Templates

/// A teardown as it is read before it begins: what goes, what comes back, what stays and why.
struct TeardownView {
    /// A timer of the cluster on this machine, and the command that removes it.
    struct Timer {
        var name: String
        var removal: String
    }

    let hosts: [SurveyedHost]
    /// Where the local credential store lies; `nil` where it is lost.
    let store: String?
    let timers: [Timer]

    func lines(_ console: Console) -> [String] {
        let stays = stays
        return hosts.flatMap { lines(of: $0, console) } + (stays.isEmpty ? [] : [""]) + stays
    }

    /// What of the cluster is left on this machine.
    private var stays: [String] {
        let kept = store.map {
            [
                "stays  the credential store \($0) on this machine, with the authorities' keys;",
                "       once the cluster is never needed again: rm -r \($0)",
            ]
        }
        return (kept ?? [])
            + timers.flatMap { ["stays  \($0.name) on this machine;", "       to remove it: \($0.removal)"] }
    }

    private func lines(of host: SurveyedHost, _ console: Console) -> [String] {
        guard let plan = host.plan else {
            return ["\(console.paint("× \(host.name)", .red)): not reached: \(host.failure?.summary ?? "")"]
        }
        let title = console.paint(host.name, .bold)
        switch plan.identity {
        case .refused(let why, let remedy):
            return [console.paint("× \(host.name): refused", .red), "  found     \(why)", "  try       \(remedy)"]
        case .free: return ["\(title): nothing to do, it belongs to no cluster"]
        case .ours: break
        }
        if plan.items.isEmpty { return ["\(title): nothing to do"] }
        let lost =
            plan.isReceiptLost
            ? ["  ‼ the receipt is lost, or begun anew: only what it names or the plan would write is touched"] : []
        return [title] + lost + plan.items.flatMap { [line($0, console)] + parts($0, console) }
    }

    /// The first of them: a worker of a large cluster has thousands of chains.
    private func parts(_ item: TeardownItem, _ console: Console) -> [String] {
        let shown = item.parts.prefix(12).map { "      \(Sanitised.text($0))" }
        let more = item.parts.count - shown.count
        return (shown + (more > 0 ? ["      and \(more) more, all in -o json"] : [])).map { console.paint($0, .dim) }
    }

    private func line(_ item: TeardownItem, _ console: Console) -> String {
        let (sign, colour): (String, Console.Colour) =
            switch item.fate {
            case .goes: ("-", .red)
            case .returns: ("<", .green)
            case .stays: ("=", .dim)
            case .blocked: ("!", .yellow)
            }
        let words = "\(sign) \(item.fate.rawValue.padding(to: 7)) \(item.kind.rawValue.padding(to: 9))"
        return
            "  \(console.paint(words, colour)) \(Sanitised.text(item.subject))  \(console.paint(Sanitised.text(item.reason), .dim))"
    }

    func json() -> String { JSONOutput.text(TeardownDocument(hosts)) }
}

/// How a teardown ended: the proof, or what is left and why.
struct TeardownSummary {
    let outcomes: [TeardownOutcome]
    let inventory: String

    /// What is said of one host, and what the run's record keeps of it.
    struct Entry {
        var text: String
        /// Only where something is not as it was to be.
        var event: RunEvent?
    }

    func entries(_ console: Console) -> [Entry] { outcomes.map { entry(of: $0, console) } }

    private func entry(of outcome: TeardownOutcome, _ console: Console) -> Entry {
        let again = "provision teardown \(inventory) --host \(outcome.host)"
        func problem(_ what: String, _ rows: [String] = [], remedy: String) -> Entry {
            let title = "\(outcome.host): \(what)"
            let lines = [console.paint("× \(title)", .red)] + rows.map { "  \($0)" } + ["  try  \(remedy)"]
            let message = ([title] + rows).joined(separator: "\n")
            let event = RunEvent(.problem, host: outcome.host, message: message, remedy: remedy)
            return Entry(text: lines.joined(separator: "\n"), event: event)
        }
        switch outcome.ending {
        case .clean:
            let what = outcome.done.isEmpty ? "nothing to do" : counted(outcome.done.count, "step")
            return Entry(
                text:
                    "\(console.paint("√ \(outcome.host): clean", .green)) (\(what); no process, mount, link, route, rule, unit or file of the cluster)"
            )
        case .left(let items):
            let rows = items.map { Sanitised.text("\($0.kind.rawValue) \($0.subject): \($0.reason)") }
            return problem(
                "\(counted(items.count, "thing is", "things are")) left; the host stays marked",
                rows,
                remedy: "mend what it says, then: \(again)"
            )
        case .refused(let why, let remedy): return problem("refused: \(Sanitised.text(why))", remedy: remedy)
        case .unreachable(let why):
            return problem("not reached, nothing was done there: \(why)", remedy: "later: \(again)")
        case .unknown(let error): return problem("state unknown: \(error.summary)", remedy: again)
        case .failed(let why): return problem(Sanitised.text(why), remedy: again)
        case .interrupted: return problem("interrupted between two steps", remedy: again)
        }
    }
}
