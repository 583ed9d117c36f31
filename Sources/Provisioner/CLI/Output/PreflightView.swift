import ProvisionCore

/// Preflight as one screen: a line per check that passed everywhere, a line per host where it did not.
struct PreflightView {
    let results: [PreflightResult]
    /// Also a line per host where a check passed.
    let showsAll: Bool

    func lines(_ console: Console) -> [String] {
        var order: [String] = []
        for result in results where !order.contains(result.id) { order.append(result.id) }
        let failures = results.count { $0.level == .failure }
        let warnings = results.count { $0.level == .warning }
        return order.flatMap { lines(of: $0, console) }
            + ["\(results.count) checks: \(failures) failed, \(warnings) warnings"]
    }

    private func lines(of id: String, _ console: Console) -> [String] {
        let own = results.filter { $0.id == id }
        let passed = own.filter { $0.level == .pass }
        let shown = own.filter { showsAll || $0.level != .pass }.map { line($0, console) }
        guard !showsAll, !passed.isEmpty else { return shown }
        let texts = Set(passed.map(\.text))
        let text = texts.count == 1 ? passed[0].text : "passed; for example \(passed[0].host): \(passed[0].text)"
        let hosts = passed.count == 1 ? passed[0].host : "\(passed.count) hosts"
        return shown + [row(console.paint("√", .green), hosts, id, text)]
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
