import ArgumentParser
import PKI
import ProvisionCore

extension CertificateGraph.Format: ExpressibleByArgument {}

/// `provision certs graph`: who signs what, and what reads it.
struct CertsGraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Authorities, certificates and what reads them, as a graph; no connection.",
        discussion: """
            EXAMPLES:
              provision certs graph -o svg inventory.yaml > certificates.svg
              provision certs graph inventory.yaml | dot -Tpng > certificates.png
              provision certs graph -o mermaid inventory.yaml
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: [.customShort("o"), .customLong("output")], help: "dot, mermaid or svg.")
    var format: CertificateGraph.Format = .dot

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let inventory = try LoadedInventory(options.inventory, console: console)
            console.result(CertificateGraph(spec: inventory.spec).text(format))
        }
    }
}

/// `provision certs explain`: one certificate in words.
struct CertsExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What a certificate is for, who trusts it, what its end means, what the store holds; no connection.",
        discussion: """
            EXAMPLES:
              provision certs explain etcd-peer@controller-0 inventory.yaml
              provision certs explain -o json admin inventory.yaml
            """
    )

    @Argument(help: "The identifier, as certs list shows it.") var identifier: String
    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: [.customShort("o"), .customLong("output")], help: "text, or json for programs.")
    var format: OutputFormat = .text

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let inventory = try LoadedInventory(options.inventory, console: console)
            let catalog = CertificateCatalog.certificates(of: inventory.spec)
            guard let entry = catalog.first(where: { $0.identifier == identifier }) else {
                let near =
                    NearestName.of(identifier, among: catalog.map(\.identifier)).map { "; did you mean \($0)?" } ?? ""
                throw CommandFailure(
                    "\(identifier): no such certificate\(near)",
                    remedy: "provision certs list --local \(options.inventory)",
                    status: .usage
                )
            }
            let stored = try await stored(entry, inventory.spec)
            switch format {
            case .text:
                (CertificateExplanation.lines(of: entry) + stored.map(\.line)).forEach(console.result)
            case .json:
                let head: [CertificateExplanation.Field] = [
                    .init("identifier", entry.identifier), .init("reason", entry.reason),
                ]
                console.result(JSONOutput.text(document(head + CertificateExplanation.fields(of: entry) + stored)))
            }
        }
    }

    private func document(_ fields: [CertificateExplanation.Field]) -> [String: String] {
        Dictionary(fields.map { ($0.name, $0.text) }) { "\($0); \($1)" }
    }

    /// What the store holds of it, where there is a store.
    private func stored(_ entry: CatalogCertificate, _ spec: ClusterSpec) async throws -> [CertificateExplanation.Field]
    {
        let console = Console(quiet: true, noColour: output.noColor)
        let materials = Materials(spec: spec, console: console, places: Places())
        guard try materials.store(dryRun: true).existingClusterID() != nil else { return [] }
        let survey = try await SurveyRun.take(options, within: nil, local: true, console).survey
        guard let row = survey.rows.first(where: { $0.entry.identifier == identifier }), let facts = row.facts else {
            return [.init("stored", "no: provision apply \(options.inventory) issues it")]
        }
        let present = Set(facts.alternativeNames.map(\.description))
        let missing = Set(entry.expectedNames).subtracting(present).sorted()
        let days = (facts.notAfter - survey.now) / 86_400
        return [.init("stored", "serial \(facts.serial), by \(facts.issuerName), \(days) days left")]
            + (missing.isEmpty ? [] : [.init("lacks", missing.joined(separator: ", "))])
            + row.findings.map { .init($0.kind.rawValue, $0.text) }
    }
}
