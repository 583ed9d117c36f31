/// What one check of the benchmark says about a cluster.
package struct BenchmarkFinding: Sendable, Hashable, Encodable {
    package enum State: String, Sendable, Hashable, Encodable {
        case met
        /// What is rendered says something else than it asks for.
        case unmet
        /// For people: a choice, an exception with its reason, or what no rendered text can show.
        case open
    }

    /// The number of `Benchmark.numbering`, for example `1.2.15`.
    package var id: String
    package var title: String
    /// Whether the benchmark has it judged by a program; the others are for people, whatever is found here.
    package var isAutomated: Bool
    package var state: State
    /// Host by host what is wrong, or why it is open; empty where it is met.
    package var reasons: [String]

    package init(id: String, title: String, isAutomated: Bool, state: State, reasons: [String] = []) {
        self.id = id
        self.title = title
        self.isAutomated = isAutomated
        self.state = state
        self.reasons = reasons
    }

    init(_ check: BenchmarkCheck, _ state: State, _ reasons: [String]) {
        self.init(
            id: check.id,
            title: check.title,
            isAutomated: check.kind == .automated,
            state: state,
            reasons: reasons
        )
    }
}
