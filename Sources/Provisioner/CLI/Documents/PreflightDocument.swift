import ProvisionCore

/// Preflight for programs: a versioned contract.
struct PreflightDocument: Encodable {
    struct Check: Encodable {
        let id: String
        let host: String
        /// `pass`, `warning` or `failure`.
        let level: String
        let text: String
        /// What to do; only where it did not pass.
        let fix: String?

        init(_ result: PreflightResult) {
            id = result.id
            host = result.host
            level = result.level.rawValue
            text = result.text
            fix = result.fix.isEmpty ? nil : result.fix
        }
    }

    let schema = Version.schema
    let cluster: String
    /// Whether nothing stands in the way; warnings do not.
    let passed: Bool
    let failures: Int
    let warnings: Int
    /// What passed too.
    let checks: [Check]

    init(_ results: [PreflightResult], cluster: String) {
        self.cluster = cluster
        failures = results.count { $0.level == .failure }
        warnings = results.count { $0.level == .warning }
        passed = failures == 0
        checks = results.map(Check.init)
    }
}
