import ArgumentParser
import PKI
import ProvisionCore
import ProvisionEngine

/// `provision run`: a playbook over the hosts that it is for.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a playbook: day-2 procedures as data, planned and diffed like apply.",
        discussion: """
            EXAMPLES:
              provision run playbooks/rolling-reboot.yaml inventory.yaml --plan
              provision run playbooks/os-upgrade.yaml inventory.yaml --plan -o json
              provision run playbooks/os-upgrade.yaml inventory.yaml
              provision run playbooks/node-hardening.yaml inventory.yaml --limit worker-2
              provision run playbooks/support-bundle.yaml inventory.yaml \\
                  --archive bundle.tar

            Hosts go one by one or in waves; the first failure ends the run, with the node left explained. The same \
            command goes on where it stopped. docs/playbooks.md lists the steps. While certificates are being rotated \
            only a playbook that collects may run without --during-rotation.

            Exit status: 0 done or nothing to do, 1 failed, or what was collected could not be written, 3 partly done, 5 a \
            host is locked by another run, 6 something did not come back in time, 7 a connection was lost in a step, 8 \
            refused by a safety rule, 78 playbook or inventory invalid.
            """
    )

    @Argument(help: "The playbook, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var playbook: String

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var rotation: RotationOptions

    @Flag(name: .long, help: "Only show what would change; read-only.")
    var plan = false

    @Flag(name: .long, help: "With --plan: also list what is as wanted.")
    var all = false

    @OptionGroup var limit: LimitOptions

    @Flag(name: [.short, .long], help: "Do not ask before hosts are drained or rebooted.")
    var yes = false

    @Option(name: .long, help: "Where a collected archive goes.", completion: .file(extensions: ["tar"]))
    var archive: String?

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let loaded = try LoadedPlaybook(playbook, console: console)
        let cluster = try await ClusterRun.prepare("run", options, console: console, .looking(onlyAsks: plan))
        let limit = limit.hosts.isEmpty ? nil : try ClusterRun.known(limit.hosts, cluster.spec)
        let run = try PlaybookRun(loaded, cluster, console: console, archivePath: archive)
        let hosts = try run.hosts(limit: limit)
        guard !hosts.isEmpty else {
            throw CommandFailure(
                "\(playbook): no host of the inventory is meant",
                remedy: "look at its `hosts`, and at --limit",
                status: .usage
            )
        }
        let turn = try turn(loaded.playbook, cluster.spec, console)
        defer { withExtendedLifetime(turn) {} }
        let waves = await run.observe(hosts)
        if plan { return try await show(waves, console) }
        try RotationGuard.refuseStranger(waves.flatMap { $0.map(\.view) })
        // A host is marked with its cluster, which must be one that lasts.
        try StoreGuard.requireCluster(cluster.spec, console)
        try confirm(waves, console)
        let report = await run.execute(waves)
        cluster.conclude(report)
        try await show(report, run, hosts.count, console)
    }

    /// What only reads must work at any time.
    private func turn(_ playbook: Playbook, _ spec: ClusterSpec, _ console: Console) throws -> RotationLock? {
        guard !playbook.onlyCollects else { return nil }
        return try RotationGuard.admit(
            "the playbook \(playbook.name) would run",
            spec,
            inventory: options.inventory,
            isAsked: rotation.duringRotation,
            isPlan: plan,
            console: console
        )
    }

    private func show(_ waves: [[ObservedTurn]], _ console: Console) async throws {
        let views = waves.flatMap { $0.map(\.view) }
        let differences = await FileDifferences.read(views)
        for view in views { await view.session?.close() }
        let view = PlanView(observed: views, differences: differences, showsSame: all)
        console.result(format.isJSON ? view.json() : view.text(console))
        if views.contains(where: { $0.failure != nil }) { throw ExitStatus.failed.code }
        let isRefused = views.contains { $0.verdicts.contains { if case .refused = $0 { true } else { false } } }
        if isRefused { throw ExitStatus.refused.code }
    }

    /// Drains and reboots ask a person.
    private func confirm(_ waves: [[ObservedTurn]], _ console: Console) throws {
        let titles = waves.flatMap { $0.flatMap(\.view.verdicts).flatMap(\.actions) }.map(\.title).filter {
            $0.hasPrefix("reboot ") || $0.hasPrefix("cordon and drain ")
        }
        guard !titles.isEmpty, !yes, !options.noInput, console.isInteractive else { return }
        let words = "This will \(titles.joined(separator: ", "))."
        console.problem(words, as: RunEvent(.remark, message: words))
        let command = "provision run \(playbook) \(options.inventory)"
        try Confirmation(command: command, preview: "\(command) --plan").ask("Go on?", canAsk: console.canAsk)
    }

    private func show(_ report: RunReport, _ run: PlaybookRun, _ hosts: Int, _ console: Console) async throws {
        if let holder = report.lockHolder {
            console.locked(by: holder, options.inventory)
            guard format.isJSON else { throw ExitStatus.lockHeld.code }
        }
        console.note("")
        RunSummary(report: report).show(console)
        if let archive = run.archive, await archive.failure == nil { console.note(await archive.summary) }
        if format.isJSON {
            console.result(JSONOutput.text(ReportDocument(report, of: run.run)))
        } else {
            console.note("")
            console.result(
                run.run.closingLine(changes: report.changes, succeeded: report.isAsWanted, hosts: hosts)
            )
        }
        try await end(report, run, console)
    }

    /// How hosts ended counts for more than what could not be written here.
    private func end(_ report: RunReport, _ run: PlaybookRun, _ console: Console) async throws {
        guard report.exitCode != .success else {
            try await run.archive?.require()
            return
        }
        if let failure = await run.archive?.failure { console.problem(failure.message, remedy: failure.remedy) }
        throw report.exitCode.code
    }
}
