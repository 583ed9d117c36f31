import ProvisionCore
import ProvisionEngine

/// A teardown before it begins, for programs: a versioned contract.
struct TeardownDocument: Encodable {
    struct Item: Encodable {
        let host: String
        let fate: TeardownItem.Fate
        let kind: TeardownItem.Kind
        let subject: String
        let reason: String
        /// Chains and rules, or copies of etcd, where the subject stands for many.
        let parts: [String]
    }

    let schema = Version.schema
    let unreachable: [String: String]
    /// Hosts of another cluster, or other machines, and why.
    let refused: [String: String]
    let items: [Item]

    init(_ hosts: [SurveyedHost]) {
        unreachable = hosts.reduce(into: [:]) { $0[$1.name] = $1.failure?.summary }
        refused = hosts.reduce(into: [:]) {
            if case .refused(let why, _)? = $1.plan?.identity { $0[$1.name] = why }
        }
        items = hosts.flatMap { host in
            (host.plan?.items ?? []).map {
                Item(
                    host: host.name,
                    fate: $0.fate,
                    kind: $0.kind,
                    subject: $0.subject,
                    reason: $0.reason,
                    parts: $0.parts
                )
            }
        }
    }
}
