import ArgumentParser
import ProvisionCore

/// `provision stop`: everything of the cluster, etcd last.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop the whole cluster: nodes and pods first, etcd last; units stay enabled.",
        discussion: """
            EXAMPLES:
              provision stop --plan inventory.yaml
              provision stop --plan -o json inventory.yaml
              provision stop --yes inventory.yaml
              provision start inventory.yaml

            Nothing is deleted. A reboot of the hosts starts everything again, as after a power cut.

            Exit status: 0 stopped, 1 a host was not reached and nothing was done, 3 partly stopped, 5 a host is locked by \
            another run, 8 refused by a safety rule.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var power: PowerOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            try await PowerRun(verb: "stop", options: options, power: power, console: console).run(\.stopping)
        }
    }
}
