import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine

/// `provision check` says whether these hosts can be this cluster.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Can these hosts be this cluster? Read-only.",
        discussion: """
            EXAMPLES:
              provision check inventory.yaml
              provision check --all inventory.yaml   # also what passed
              provision check -o json inventory.yaml

            Exit status: 0 nothing stands in the way, 4 something does.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Also list what passed.")
    var all = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory)
        let context = RunContext(verb: "check", inventory: inventory, console: console)
        let connector = HostConnector(inventory.spec, options, console, context: context)
        let gathered = await FactsGathering.gather(inventory.spec.hosts, of: inventory.spec) {
            host throws(TransportError) in
            HostSession(host: host.name, transport: try await connector.open(host))
        }
        let identifier = try Materials(spec: inventory.spec, console: console, places: Places()).store(dryRun: true)
            .existingClusterID()
        let results = gathered.results(inventory.spec, clusterID: identifier)
        for result in results {
            let text = "\(result.id): \(result.text)\(result.fix.isEmpty ? "" : "; \(result.fix)")"
            context.record(text, host: result.host, isFailure: result.level == .failure)
        }
        if format.isJSON {
            console.result(JSONOutput.text(PreflightDocument(results, cluster: inventory.spec.name)))
        } else {
            PreflightView(results: results, showsAll: all).lines(console).forEach(console.result)
        }
        if results.contains(where: { $0.level == .failure }) { throw ExitStatus.preflightFailed.code }
    }
}
