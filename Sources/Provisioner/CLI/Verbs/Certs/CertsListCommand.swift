import ArgumentParser
import ProvisionCore

/// `provision certs list`: every certificate and key of the cluster.
struct CertsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Every certificate and key: subject, issuer, days left, what restarts, its state; read-only.",
        discussion: """
            EXAMPLES:
              provision certs list inventory.yaml
              provision certs list --local inventory.yaml   # the store alone
              provision certs list -o json inventory.yaml   # also names and kubeconfigs

            \(ExitStatusLine.text("0 listed, whatever is found, 8 the store holds no cluster (with --local)", .hosts))
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Only the credential store; ask no host.")
    var local = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            if local {
                let inventory = try LoadedInventory(options.inventory, console: Console(quiet: true))
                try StoreGuard.requireCluster(inventory.spec, console)
            }
            let survey = try await SurveyRun.take(
                options,
                within: nil,
                local: local,
                console
            )
            let view = CertificateView(survey: survey.survey)
            console.result(format.isJSON ? view.json() : view.table())
        }
    }
}

/// `provision certs check`: the same, as a verdict.
struct CertsCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare store, disks and handshakes; exit 2 when something ends soon or is wrong; read-only.",
        discussion: """
            EXAMPLES:
              provision certs check inventory.yaml
              provision certs check --within 14d inventory.yaml
              provision certs check -o json inventory.yaml
              provision certs check --prometheus /var/lib/node_exporter/certs.prom \\
                  inventory.yaml

            Exit status: 0 all well, 2 a certificate ends within the time or something is wrong.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: .long,
        help: "How soon an end is a problem; by default 30 days, an authority's 90, or a third of a shorter life.",
        transform: TimeSpan.read
    )
    var within: TimeSpan?

    @Option(name: .long, help: "Also write a file for node_exporter's textfile collector.", completion: .file())
    var prometheus: String?

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let run = try await SurveyRun.take(options, within: within, local: false, console)
            let view = CertificateView(survey: run.survey)
            if let prometheus {
                let text = view.prometheus(cluster: run.spec.name)
                try PrivateFile.write(Array(text.utf8), to: Places.absolute(prometheus), mode: 0o644)
            }
            if format.isJSON {
                console.result(view.json())
            } else {
                view.problems(console).forEach(console.result)
                console.result(view.closing)
            }
            if run.survey.hasProblems { throw ExitStatus.changesPending.code }
        }
    }
}

/// A survey of an inventory's cluster.
struct SurveyRun {
    let spec: ClusterSpec
    let survey: CertificateSurvey

    static func take(
        _ options: InventoryOptions,
        within: TimeSpan?,
        local: Bool,
        _ console: Console
    ) async throws -> SurveyRun {
        let inventory = try LoadedInventory(options.inventory, console: console)
        if !local { try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory) }
        let context = RunContext(verb: "certs", inventory: inventory, console: console)
        let connector = HostConnector(inventory.spec, options, console, context: context)
        let survey = try await CertificateSurvey.take(
            inventory.spec,
            inventory: options.inventory,
            within: within?.seconds,
            scripts: local ? nil : HostScripts(connector: connector),
            console: console
        )
        return SurveyRun(spec: inventory.spec, survey: survey)
    }
}
