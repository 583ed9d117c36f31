import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision plan`: what `apply` would do, asked of the hosts, changing nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what apply would change, with diffs; read-only on hosts.",
        discussion: """
            EXAMPLES:
              provision plan inventory.yaml
              provision plan --all inventory.yaml   # also what stays the same
              provision plan --detailed-exitcode inventory.yaml   # 2 if it would change
              provision plan -o json inventory.yaml

            Read-only on hosts; what is not yet in $PROVISION_CACHE is downloaded first.

            Exit status: 0 shown, 1 a host was not reached, or an artifact was not got, 2 changes are pending (with --detailed-exitcode), 4 an upgrade may not \
            begin, or the inventory's lab is not up, 8 apply would be refused by a safety rule, 78 inventory invalid.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var limit: LimitOptions

    @Flag(name: .long, help: "Also list what is as wanted.")
    var all = false

    @Flag(name: .long, help: "Exit 2 when changes are pending.")
    var detailedExitcode = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let request = RunRequest(limit: limit.hosts, dryRun: true)
        let prepared = try await ClusterRun.prepare("plan", options, console: console, request)
        let (run, observed) = await prepared.joining(await prepared.executor.observe(prepared.plan))
        let look = await ClusterLook(run, observed, leaves: limit.hosts.isEmpty)
        let differences = await FileDifferences.read(look.ordered.lanes)
        await look.close()
        look.remarks.forEach { console.remark("‼ \($0)") }
        let view = view(look, differences)
        console.result(format.isJSON ? view.json() : view.text(console))
        try look.ordered.judge(console, inventory: options.inventory)
        if observed.contains(where: { $0.failure != nil }) { throw ExitStatus.failed.code }
        let refused = observed.contains { lane in
            lane.verdicts.contains { if case .refused = $0 { true } else { false } }
        }
        try look.membership?.check(console)
        try RotationGuard(look.run.spec, inventory: options.inventory)?.check(look)
        if refused { throw ExitStatus.refused.code }
        if detailedExitcode, !view.isEmpty { throw ExitStatus.changesPending.code }
    }

    private func view(_ look: ClusterLook, _ differences: [String: [String: String]]) -> PlanView {
        var view = PlanView(observed: look.ordered.lanes, differences: differences, showsSame: all)
        view.upgrade = look.ordered.upgrade.map(UpgradeOutline.init)
        view.hooks = look.run.spec.hooks.outline(changing: look.changing, in: look.run.spec)
        view.departures = look.leaving.map {
            LeavingHost($0, steps: look.membership?.steps($0) ?? [], inventory: options.inventory)
        }
        return view
    }
}
