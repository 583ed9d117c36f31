import ProvisionCore
import Templates

/// Preflight as one screen: a line per check that passed everywhere, a line per host where it did not.
struct PreflightView {
    let results: [PreflightResult]
    /// Also a line per host where a check passed.
    let showsAll: Bool

    func lines(_ console: Console) -> [String] {
        let failures = results.count { $0.level == .failure }
        let warnings = results.count { $0.level == .warning }
        let closing = "\(counted(results.count, "check")): \(failures) failed, \(counted(warnings, "warning"))"
        return rows(console).map(\.text) + [closing]
    }

    /// On the way to a change: what did not pass even with `--quiet`, and into the run's record with what to do.
    func show(_ console: Console) {
        for row in rows(console) {
            if let result = row.result, result.level != .pass {
                console.problem(row.text, as: Self.event(result))
            } else {
                console.note(row.text)
            }
        }
    }

    private static func event(_ result: PreflightResult) -> RunEvent {
        RunEvent(
            result.level == .failure ? .problem : .remark,
            host: result.host,
            step: result.id,
            message: "\(result.host): \(result.id): \(result.text)",
            remedy: result.fix.isEmpty ? nil : result.fix
        )
    }

    /// A line, and its result where it is about one.
    private struct Row {
        var text: String
        var result: PreflightResult?
    }

    /// The results of one check stand together.
    private func rows(_ console: Console) -> [Row] {
        var order: [String] = []
        for result in results where !order.contains(result.id) { order.append(result.id) }
        return order.flatMap { rows(of: $0, console) }
    }

    private func rows(of id: String, _ console: Console) -> [Row] {
        let own = results.filter { $0.id == id }
        let passed = own.filter { $0.level == .pass }
        let shown = own.filter { showsAll || $0.level != .pass }.map { Row(text: line($0, console), result: $0) }
        guard !showsAll, !passed.isEmpty else { return shown }
        let texts = Set(passed.map(\.text))
        let text = texts.count == 1 ? passed[0].text : "passed; for example \(passed[0].host): \(passed[0].text)"
        let hosts = passed.count == 1 ? passed[0].host : counted(passed.count, "host")
        return shown + [Row(text: row(console.paint("√", .green), hosts, id, text))]
    }

    private func line(_ result: PreflightResult, _ console: Console) -> String {
        let sign =
            switch result.level {
            case .pass: console.paint("√", .green)
            case .warning: console.paint("‼", .yellow)
            case .failure: console.paint("×", .red)
            }
        let fix = result.fix.isEmpty ? "" : "  fix: \(result.fix)"
        return row(sign, result.host, result.id, result.text + fix)
    }

    private func row(_ sign: String, _ subject: String, _ id: String, _ text: String) -> String {
        let width = max(8, results.map(\.host.count).max() ?? 0)
        return "\(sign) \(id.padding(to: 14))  \(subject.padding(to: width))  \(Sanitised.text(text))"
    }
}
