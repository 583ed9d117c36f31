import ArgumentParser
import ProvisionCore

/// `provision cis`: what would be rendered, beside the CIS Kubernetes Benchmark.
struct CISCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cis",
        abstract: "Hold what hosts would get against the CIS Kubernetes Benchmark; no connection.",
        discussion: """
            EXAMPLES:
              provision cis inventory.yaml
              provision cis --all inventory.yaml   # also what is met
              provision cis -o json inventory.yaml
              provision cis --emit-kube-bench-config inventory.yaml > kube-bench.yaml

            Exit status: 0 nothing is unmet, 2 a check is: something in the inventory undoes it.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Also list what is met.")
    var all = false

    @Flag(name: .long, help: "Print what tells kube-bench where this cluster's units and files are.")
    var emitKubeBenchConfig = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try run(console) }
    }

    private func run(_ console: Console) throws {
        let spec = try LoadedInventory(options.inventory, console: console).spec
        if emitKubeBenchConfig {
            console.result(String(KubeBenchConfig(spec: spec).text.dropLast()))
            return
        }
        var view = BenchmarkView(findings: Benchmark(spec: spec).findings(), kubernetes: spec.versions.kubernetes)
        view.showsMet = all
        if format.isJSON { console.result(view.json()) } else { view.lines(console).forEach(console.result) }
        if view.isUnmet { throw ExitStatus.changesPending.code }
    }
}
