import ProvisionCore

/// A smoke test for programs: a versioned contract.
struct SmokeTestDocument: Encodable {
    struct Check: Encodable {
        let id: String
        let title: String
        /// Where it ran.
        let host: String
        let passed: Bool
        let milliseconds: Int
        /// What it printed last; only of one that failed.
        let output: [String]

        init(_ outcome: SmokeOutcome) {
            id = outcome.id
            title = outcome.title
            host = outcome.host
            passed = outcome.passed
            milliseconds = outcome.milliseconds
            output = outcome.words
        }
    }

    let schema = Version.schema
    let cluster: String
    /// Whether every check passed, the removal of the namespace too where it was asked for.
    let passed: Bool
    let interrupted: Bool
    /// Whether the test's namespace is still there, or may be.
    let namespaceStays: Bool
    /// In the order in which they ran; what could not be tried any more is missing.
    let checks: [Check]
    /// What the inventory leaves untested.
    let skipped: [String]

    /// - Parameters:
    ///   - outcomes: What ran.
    ///   - test: What was to run.
    ///   - cluster: The cluster's name.
    ///   - isInterrupted: Whether somebody stopped it.
    ///   - isLeft: Whether its namespace was to be removed and was not.
    ///   - keeps: Whether its namespace was to stay.
    init(
        _ outcomes: [SmokeOutcome],
        of test: SmokeTest,
        cluster: String,
        isInterrupted: Bool,
        isLeft: Bool,
        keeps: Bool
    ) {
        self.cluster = cluster
        passed = !isInterrupted && !isLeft && outcomes.allSatisfy(\.passed)
        interrupted = isInterrupted
        namespaceStays = isLeft || keeps
        checks = outcomes.map(Check.init)
        skipped = test.skipped
    }
}
