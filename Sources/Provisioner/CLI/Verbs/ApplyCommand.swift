import ArgumentParser
import Foundation
import ProvisionCore
import ProvisionEngine

/// `provision apply`: makes the hosts what the inventory says.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the hosts what the inventory says; a second run changes nothing.",
        discussion: """
            EXAMPLES:
              provision apply inventory.yaml
              provision apply --limit worker-2 inventory.yaml
              provision apply --yes --no-input -o json inventory.yaml

            Changed versions go in the order that `provision plan` shows (docs/upgrades.md); killed, run it again.

            Exit status: 0 done or nothing to do, 3 partly applied, 4 preflight failed, 5 a host is locked by another run, 6 a health gate
            did not pass, 7 a connection was lost in a step, 8 refused by a safety rule, 78 inventory invalid.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Only this host; may be repeated.")
    var limit: [String] = []

    @Flag(name: [.short, .long], help: "Do not ask before changing a cluster that already stands.")
    var yes = false

    @Option(name: [.customShort("o"), .customLong("output")], help: "text, or json for programs.")
    var format: OutputFormat = .text

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let (run, observed) = try await FirstLook(options: options, limit: limit, console: console).take()
        let changing = observed.filter { !$0.isSame }
        try await NewHosts(lanes: observed, run: run).check()
        try await TrustGuard(
            spec: run.spec,
            store: Materials(spec: run.spec, console: console, places: Places()).store(dryRun: true),
            connector: run.connector,
            inventory: options.inventory
        ).check(observed)
        var ordered = await OrderedRun.order(observed, run)
        if let upgrade = ordered.upgrade { UpgradeOutline(upgrade).lines.forEach(console.note) }
        try ordered.judge(console, inventory: options.inventory)
        try confirm(changing, run, console)
        let hooks = HookRun(run: run, console: console)
        let names = Set(changing.map(\.lane.host.name))
        if try await hooks.pass([.beforeController, .beforeWorker], names) > 0 {
            await run.close(ordered.lanes)
            ordered = await OrderedRun.order(await run.executor.observe(run.plan), run)
            try ordered.judge(console, inventory: options.inventory)
        }
        let report = await run.apply(ordered.lanes, ordered.plan, verb: "apply")
        let cordoned = report.isAsWanted ? [] : await ordered.cordoned(run)
        await run.close(ordered.lanes)
        if report.isAsWanted, report.changes > 0 {
            _ = try await hooks.pass([.afterController, .afterWorker, .afterApply], names)
        }
        run.context.report(report.lockHolder.map { RunEvent(.locked, message: $0) } ?? run.end(report))
        show(report, run, console)
        for node in cordoned {
            console.problem(
                "‼ \(node.name) stays cordoned (\(Sanitised.text(node.cordon ?? "")))\n  try  provision apply \(options.inventory) goes on and gives it back, or: kubectl uncordon \(node.name)"
            )
        }
        if report.exitCode != .success { throw report.exitCode.code }
    }

    /// A first run builds; a later one that would restart or replace something asks a person.
    private func confirm(_ changing: [ObservedLane], _ run: ClusterRun, _ console: Console) throws {
        let restarts = changing.flatMap { lane in
            lane.verdicts.flatMap(\.actions).filter { $0.kind == .restart }.map {
                "\($0.title) on \(lane.lane.host.name)"
            }
        }
        guard !restarts.isEmpty, !yes, !options.noInput, console.isInteractive else { return }
        console.problem("This will \(restarts.joined(separator: ", ")).")
        guard Prompt.confirm("Go on?") else { throw ExitStatus.failed.code }
    }

    private func show(_ report: RunReport, _ run: ClusterRun, _ console: Console) {
        if let holder = report.lockHolder {
            console.problem(
                "× locked: \(holder)\n  try  wait for it; if it is gone: provision lock release --run RUN \(options.inventory)"
            )
            guard format == .json else { return }
        }
        console.note("")
        RunSummary(report: report).lines(console).forEach(console.note)
        if format == .json {
            console.result(
                JSONOutput.text(
                    ReportDocument(
                        report,
                        run: run.context.id,
                        cluster: run.plan.cluster,
                        record: run.context.record?.path
                    )
                )
            )
            return
        }
        console.note("")
        console.result(run.closingLine(changes: report.changes, succeeded: report.isAsWanted))
        if report.isAsWanted { console.note(run.nextSteps(options.inventory)) }
    }
}
