import ProvisionCore

/// A check of the smoke test as it is read: one line, and below it what it printed last where it failed.
struct SmokeTestView {
    let outcome: SmokeOutcome

    func lines(_ console: Console) -> [String] {
        let sign = outcome.passed ? console.paint("√", .green) : console.paint("×", .red)
        let took = console.paint("(\(RunView.seconds(outcome.milliseconds)))", .dim)
        return ["\(sign) \(outcome.id.padding(to: 20))  \(outcome.title) \(took)"]
            + outcome.words.map { "    \(Sanitised.text($0))" }
    }
}
