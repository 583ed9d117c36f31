import ProvisionCore

/// What a certificate or a key is for, for programs: a versioned contract.
struct ExplanationDocument: Encodable {
    let schema = Version.schema
    let identifier: String
    let reason: String
    /// Names without spaces; what is said more than once of one is joined.
    let fields: [String: String]

    init(_ view: ExplanationView) {
        identifier = view.identifier
        reason = view.reason
        let pairs = view.fields.map { ($0.name.replacing(" ", with: "-"), $0.text) }
        fields = Dictionary(pairs) { "\($0); \($1)" }
    }
}
