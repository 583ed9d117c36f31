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
              provision certs graph inventory.yaml | dot -Tsvg > certificates.svg
              provision certs graph -o mermaid inventory.yaml
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: [.customShort("o"), .customLong("output")], help: "dot or mermaid.")
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
        abstract: "What a certificate is for, who trusts it, what its end would mean; no connection.",
        discussion: """
            EXAMPLES:
              provision certs explain etcd-peer@controller-0 inventory.yaml
            """
    )

    @Argument(help: "The identifier, as certs list shows it.") var identifier: String
    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

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
                    remedy: "provision certs list --local",
                    status: .usage
                )
            }
            CertificateExplanation.lines(of: entry).forEach(console.result)
        }
    }
}

/// `provision certs forecast`: what ends when.
struct CertsForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "What will have ended at a time, and when apply would renew it; no connection.",
        discussion: """
            EXAMPLES:
              provision certs forecast inventory.yaml
              provision certs forecast --after 200d inventory.yaml
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "How far to look, for example 200d.")
    var after = TimeSpan(seconds: 365 * 86_400)

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let run = try await SurveyRun.take(options, within: TimeSpan(seconds: 0), local: true, console)
            let rows = run.survey.rows.compactMap { row in
                row.facts.map { (id: row.entry.identifier, start: $0.notBefore, end: $0.notAfter) }
            }.sorted { $0.end < $1.end }
            let limit = run.survey.now + after.seconds
            for row in rows where row.end <= limit {
                let renewed = (row.end - (row.end - row.start) / 3 - run.survey.now) / 86_400
                let days = (row.end - run.survey.now) / 86_400
                console.result("\(row.id) ends in \(days) days; apply renews it from day \(max(0, renewed)) on")
            }
            console.result(
                "\(rows.count { $0.end <= limit }) of \(rows.count) end within \(after.seconds / 86_400) days"
            )
        }
    }
}
