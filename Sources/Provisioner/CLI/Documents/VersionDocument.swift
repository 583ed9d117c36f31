/// The program's version, and those of what it renders, for programs: a versioned contract.
struct VersionDocument: Encodable {
    struct Kubernetes: Encodable {
        let oldest: String
        let newest: String
    }

    let schema = Version.schema
    let program = Version.number
    /// Minor releases that can be rendered.
    let kubernetes: Kubernetes
    /// Where the inventory names none.
    let defaults: [String: String]
}
