import ArgumentParser
import ProvisionCore
import Templates

/// `provision certs timer`: lets systemd look at the certificates, and only look.
struct CertsTimerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timer",
        abstract: "A systemd timer on this machine that runs certs check; shows its units unless --install.",
        discussion: """
            It never renews or rotates anything. A certificate that ends soon makes the unit fail, which \
            systemctl --failed shows, and lies in the file for node_exporter.

            EXAMPLES:
              provision certs timer inventory.yaml
              provision certs timer --install \\
                  --prometheus /var/lib/prometheus/node-exporter/certs.prom \\
                  inventory.yaml
              provision certs timer --remove inventory.yaml

            \(ExitStatusLine.text("0 shown, started or removed, 1 systemd refused", .inventory))
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var timing: TimerOptions

    @Option(
        name: .long,
        help: "How soon an end is a problem, for example 14d, as certs check takes it.",
        transform: TimeSpan.read
    )
    var within: TimeSpan?

    @Option(name: .long, help: "A file for node_exporter's textfile collector.", completion: .file())
    var prometheus: String?

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        let timer = OperatorTimer.certificates(
            of: inventory.spec.name,
            program: try TimerOptions.program(),
            inventory: Places.absolute(options.inventory),
            prometheus: prometheus.map(Places.absolute),
            schedule: timing.schedule,
            within: within?.text
        )
        try await timing.carryOut(timer, of: Places.absolute(options.inventory), runs: "certs check", console)
    }
}
