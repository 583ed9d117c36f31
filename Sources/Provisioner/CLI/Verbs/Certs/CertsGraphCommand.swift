import ArgumentParser
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

            \(ExitStatusLine.text("0 written", .inventory))
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
