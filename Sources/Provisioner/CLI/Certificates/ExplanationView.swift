import ProvisionCore

/// A certificate or a key in words, for people and for programs.
struct ExplanationView {
    let identifier: String
    let reason: String
    let fields: [CertificateExplanation.Field]

    var lines: [String] { ["\(identifier): \(reason)"] + fields.map(\.line) }

    /// Names of fields without spaces; what is said more than once of one is joined.
    func json() -> String {
        struct Document: Encodable {
            var schema = Version.schema
            var identifier: String
            var reason: String
            var fields: [String: String]
        }
        let pairs = fields.map { ($0.name.replacing(" ", with: "-"), $0.text) }
        let document = Document(
            identifier: identifier,
            reason: reason,
            fields: Dictionary(pairs) { "\($0); \($1)" }
        )
        return JSONOutput.text(document)
    }
}
