import ProvisionCore

/// A certificate or a key in words, for people and for programs.
struct ExplanationView {
    let identifier: String
    let reason: String
    let fields: [CertificateExplanation.Field]

    var lines: [String] { ["\(identifier): \(reason)"] + fields.map(\.line) }

    func json() -> String { JSONOutput.text(ExplanationDocument(self)) }
}
