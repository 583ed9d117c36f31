import ArgumentParser
import PKI
import ProvisionCore
import Templates

/// `provision certs explain`: one certificate, authority or key in words.
struct CertsExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What a certificate or key is for, who trusts it, what its end means, what the store holds; offline.",
        discussion: """
            EXAMPLES:
              provision certs explain etcd-peer@controller-0 inventory.yaml
              provision certs explain kubernetes-ca-g1 inventory.yaml
              provision certs explain service-account inventory.yaml
              provision certs explain -o json admin inventory.yaml

            \(ExitStatusLine.text("0 explained", .inventory))
            """
    )

    @Argument(help: "The identifier, as certs list shows it; an authority's or a key's also without its generation.")
    var identifier: String
    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var format: FormatOptions

    private typealias Field = CertificateExplanation.Field

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let spec = try LoadedInventory(options.inventory, console: console).spec
            let survey = try await survey(spec)
            let (reason, fields) = try words(spec, survey)
            let view = ExplanationView(identifier: identifier, reason: reason, fields: fields)
            if format.isJSON { console.result(view.json()) } else { view.lines.forEach(console.result) }
        }
    }

    private func words(_ spec: ClusterSpec, _ survey: CertificateSurvey?) throws -> (String, [Field]) {
        let catalog = CertificateCatalog.certificates(of: spec)
        if let entry = catalog.first(where: { $0.identifier == identifier }) {
            return (entry.reason, CertificateExplanation.fields(of: entry) + (survey.map { stored(entry, $0) } ?? []))
        }
        if let root = root(survey) {
            let explanation = RootExplanation(root, spec)
            return (explanation.reason, explanation.fields + (survey.map { stored(root, $0) } ?? []))
        }
        let known = catalog.map(\.identifier) + TrustRoot.allCases.map(\.rawValue)
        let near = NearestName.of(identifier, among: known).map { "; did you mean \($0)?" } ?? ""
        throw CommandFailure(
            "\(identifier): no such certificate or key\(near)",
            remedy: "provision certs list --local \(options.inventory)",
            status: .usage
        )
    }

    /// An authority that was made elsewhere has a name of its own.
    private func root(_ survey: CertificateSurvey?) -> TrustRoot? {
        let brought = survey?.authorities.first { $0.facts.commonName == identifier }
        return brought.flatMap { TrustRoot(rawValue: $0.name) } ?? RootExplanation.root(named: identifier)
    }

    /// What the store holds; `nil` where there is none.
    private func survey(_ spec: ClusterSpec) async throws -> CertificateSurvey? {
        let console = Console(quiet: true, noColour: output.noColor)
        let materials = Materials(spec: spec, console: console, places: Places())
        guard try materials.store(dryRun: true).existingClusterID() != nil else { return nil }
        return try await SurveyRun.take(options, within: nil, local: true, console).survey
    }

    private func days(until end: Int64, _ survey: CertificateSurvey) -> String {
        counted((end - survey.now) / 86_400, "day")
    }

    private func stored(_ root: TrustRoot, _ survey: CertificateSurvey) -> [Field] {
        let certificates = survey.authorities.filter { $0.name == root.rawValue }.map {
            "\($0.facts.commonName), serial \($0.facts.serial), \(days(until: $0.facts.notAfter, survey)) left"
        }
        let keys = survey.keys.filter { $0.root == root }.map {
            "\(root.rawValue)-g\($0.generation), \($0.isIssuing ? "in force" : "still accepted")"
        }
        return (certificates + keys).map { Field("stored", $0) }
    }

    private func stored(_ entry: CatalogCertificate, _ survey: CertificateSurvey) -> [Field] {
        guard let row = survey.rows.first(where: { $0.entry.identifier == identifier }), let facts = row.facts else {
            return [Field("stored", "no: provision apply \(options.inventory) issues it")]
        }
        let present = Set(facts.alternativeNames.map(\.description))
        let missing = Set(entry.expectedNames).subtracting(present).sorted()
        let left = "\(days(until: facts.notAfter, survey)) left"
        return [Field("stored", "serial \(facts.serial), by \(facts.issuerName), \(left)")]
            + (missing.isEmpty ? [] : [Field("lacks", missing.joined(separator: ", "))])
            + row.findings.map { Field($0.kind.rawValue, $0.text) }
    }
}
