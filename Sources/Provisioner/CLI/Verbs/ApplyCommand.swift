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
              provision apply --teardown-removed inventory.yaml   # take down who left

            A host that left the inventory is drained and taken out of the API, of etcd, of routes and of the load balancers \
            (docs/membership.md); with --limit nobody leaves. Before a new host is built, clock and ids of all others are asked for, \
            and all clocks before certificates are issued.

            Changed versions go in the order that `provision plan` shows (docs/upgrades.md); killed, run it again.

            Exit status: 0 done or nothing to do, 3 partly applied, 4 preflight failed, 5 a host is locked by another run, 6 a health gate \
            did not pass, 7 a connection was lost in a step, 8 refused by a safety rule, 78 inventory invalid.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var limit: LimitOptions

    @Flag(name: [.short, .long], help: "Do not ask before changing a cluster that already stands.")
    var yes = false

    @Flag(name: .long, help: "Do not evict pods from nodes that left the inventory.")
    var noDrain = false

    @Flag(name: .long, help: "Also tear down hosts that left the inventory.")
    var teardownRemoved = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let first = FirstLook(options: options, limit: limit.hosts, console: console)
        let (run, observed, isJudged) = try await first.take()
        let turn = try RotationGuard.hold(run.spec)
        defer { withExtendedLifetime(turn) {} }
        var look = await ClusterLook(run, observed, leaves: limit.hosts.isEmpty, drains: !noDrain)
        try await judge(look, console, besideNewHosts: isJudged)
        try confirm(look, console)
        try await breakGlass(run, console).request(for: look.observed)
        let hooks = HookRun(run: run, console: console)
        let changing = look.changing
        if try await hooks.pass([.beforeController, .beforeWorker], changing) > 0 {
            look = await look.again()
            try look.membership?.check(console)
            try look.ordered.judge(console, inventory: options.inventory)
        }
        let ordered = look.ordered
        if !look.changing.isEmpty {
            try MembershipStore(directory: run.spec.pki.directory).expect(
                look.observed,
                of: run.clusterID,
                run.spec
            )
        }
        let report = await run.apply(ordered.lanes, ordered.plan, verb: "apply", membership: look.membership)
        let cordoned = report.isAsWanted ? [] : await ordered.cordoned(run)
        await look.close()
        let hookFailure = await after(report, hooks, changing)
        run.conclude(report)
        show(report, run, console)
        cordoned.forEach { warn($0, console) }
        try await finish(report, look, console)
        if let hookFailure { throw hookFailure }
        if report.exitCode != .success { throw report.exitCode.code }
    }

    /// Everything that stands against it is said before anything changes.
    private func judge(_ look: ClusterLook, _ console: Console, besideNewHosts isJudged: Bool) async throws {
        try RotationGuard.refuseStranger(look.observed)
        look.remarks.forEach { console.remark("‼ \($0)") }
        try look.membership?.check(console)
        if !isJudged { try await NewHosts(lanes: look.observed, run: look.run).check() }
        try await TrustGuard(
            spec: look.run.spec,
            store: Materials(spec: look.run.spec, console: console, places: Places()).store(dryRun: true),
            connector: look.run.connector,
            inventory: options.inventory
        ).check(look.observed)
        try RotationGuard(look.run.spec, inventory: options.inventory)?.check(look)
        if let upgrade = look.ordered.upgrade { UpgradeOutline(upgrade).lines.forEach(console.remark) }
        try look.ordered.judge(console, inventory: options.inventory)
    }

    /// A first run builds; a later one that would restart, replace or remove something asks a person.
    private func confirm(_ look: ClusterLook, _ console: Console) throws {
        guard !look.disturbances.isEmpty, !yes, !options.noInput, console.isInteractive else { return }
        let words = "This will \(look.disturbances.joined(separator: ", "))."
        console.problem(words, as: RunEvent(.remark, message: words))
        try Confirmation(
            command: "provision apply \(options.inventory)",
            preview: "provision plan \(options.inventory)"
        ).ask("Go on?", canAsk: console.canAsk)
    }

    /// Hosts have changed already, so what a hook says comes after what they say.
    private func after(_ report: RunReport, _ hooks: HookRun, _ changed: Set<String>) async -> (any Error)? {
        guard report.isAsWanted, report.changes > 0 else { return nil }
        do { _ = try await hooks.pass([.afterController, .afterWorker, .afterApply], changed) } catch { return error }
        return nil
    }

    private func warn(_ node: UpgradeFacts.Node, _ console: Console) {
        let reason = Sanitised.text(node.cordon ?? "")
        console.problem(
            """
            ‼ \(node.name) stays cordoned (\(reason))
              try  provision apply \(options.inventory) goes on and gives it back, or: kubectl uncordon \(node.name)
            """
        )
    }

    private func finish(_ report: RunReport, _ look: ClusterLook, _ console: Console) async throws {
        let aftercare = MembershipAftercare(
            run: look.run,
            report: report,
            change: look.membership,
            inventory: options.inventory
        )
        try aftercare.remember(EtcdMembership.machines(look.observed))
        try breakGlass(look.run, console).discard(after: report, on: look.observed)
        try await aftercare.sayFarewell(tearingDown: teardownRemoved, console)
    }

    private func breakGlass(_ run: ClusterRun, _ console: Console) throws -> BreakGlass {
        let materials = Materials(spec: run.spec, console: console, places: Places(), mayAsk: !options.noInput)
        return BreakGlass(spec: run.spec, store: try materials.store(dryRun: false), console: console)
    }

    private func show(_ report: RunReport, _ run: ClusterRun, _ console: Console) {
        if let holder = report.lockHolder {
            console.problem(
                "locked: \(holder)",
                remedy: "wait for it; if it is gone: provision lock release --run RUN \(options.inventory)"
            )
            guard format.isJSON else { return }
        }
        console.note("")
        RunSummary(report: report).show(console)
        if format.isJSON {
            console.result(JSONOutput.text(ReportDocument(report, of: run)))
            return
        }
        console.note("")
        console.result(run.closingLine(changes: report.changes, succeeded: report.isAsWanted))
        if report.isAsWanted { console.note(run.nextSteps(options.inventory)) }
    }
}
