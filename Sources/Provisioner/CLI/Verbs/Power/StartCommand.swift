import ArgumentParser
import ProvisionCore

/// `provision start`: etcd first, each phase well before the next.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start the whole cluster: etcd first, then what needs it, each well before the next.",
        discussion: """
            EXAMPLES:
              provision start --plan inventory.yaml
              provision start --plan -o json inventory.yaml
              provision start inventory.yaml

            Exit status: 0 started, 1 a host was not reached and nothing was done, 3 partly started, 5 a host is locked by \
            another run, 6 a component did not become well.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var power: PowerOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            try await PowerRun(verb: "start", options: options, power: power, console: console).run(\.starting)
        }
    }
}
