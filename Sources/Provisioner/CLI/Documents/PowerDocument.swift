import ProvisionCore

/// What a stop or a start would do, for programs: a versioned contract.
struct PowerDocument: Encodable {
    /// One unit of one host, in the order of phases.
    struct Step: Encodable {
        /// From 1 on.
        let phase: Int
        /// The phase's name.
        let name: String
        let host: String
        let title: String
        var changes: Bool
        var why: String

        init(_ phase: Int, _ name: String, _ host: String, _ title: String, _ verdict: Verdict?, _ failure: String?) {
            self.phase = phase
            self.name = name
            self.host = host
            self.title = title
            switch verdict {
            case .same(let why): (changes, self.why) = (false, why)
            case .change(let why, _), .refused(let why, _): (changes, self.why) = (true, why)
            case nil: (changes, why) = (false, failure ?? "was not asked")
            }
        }
    }

    let schema = Version.schema
    let steps: [Step]
}
