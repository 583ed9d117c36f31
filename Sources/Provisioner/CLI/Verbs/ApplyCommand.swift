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
              provision apply --teardown-removed inventory.yaml        hosts that left the inventory are taken down too

            A host that left the inventory is drained and taken out of the API, of etcd, of routes and of the load balancers
            (docs/membership.md); with --limit nobody leaves.

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

    @Flag(name: .long, help: "Do not evict pods from nodes that left the inventory.")
    var noDrain = false

    @Flag(name: .long, help: "Also run the own teardown of hosts that left the inventory.")
    var teardownRemoved = false

    @Option(name: [.customShort("o"), .customLong("output")], help: "text, or json for programs.")
    var format: OutputFormat = .text

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let (run, first) = try await FirstLook(options: options, limit: limit, console: console).take()
        var observed = first
        var membership =
            limit.isEmpty ? await MembershipChange.find(run, observed: observed, drains: !noDrain) : nil
        let record = MembershipStore(directory: run.spec.pki.directory)
        EtcdMembership.remarks(record.read(), observed).forEach { console.note("‼ \($0)") }
        try membership?.check(console)
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
        try confirm(changing, membership?.departures.leaving ?? [], console)
        let hooks = HookRun(run: run, console: console)
        let names = Set(changing.map(\.lane.host.name))
        if try await hooks.pass([.beforeController, .beforeWorker], names) > 0 {
            await run.close(ordered.lanes)
            await membership?.close()
            observed = await run.executor.observe(run.plan)
            if limit.isEmpty { membership = await MembershipChange.find(run, observed: observed, drains: !noDrain) }
            ordered = await OrderedRun.order(observed, run)
            try ordered.judge(console, inventory: options.inventory)
        }
        let report = await run.apply(ordered.lanes, ordered.plan, verb: "apply", membership: membership)
        let machines = EtcdMembership.machines(observed)
        let cordoned = report.isAsWanted ? [] : await ordered.cordoned(run)
        await run.close(ordered.lanes)
        await membership?.close()
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
        if report.lockHolder == nil { try remember(report, run, machines, membership, record) }
        try await farewell(report, run, membership, record, console)
        if report.exitCode != .success { throw report.exitCode.code }
    }

    /// A first run builds; a later one that would restart or replace something asks a person.
    private func confirm(_ changing: [ObservedLane], _ leaving: [Departure], _ console: Console) throws {
        let restarts = changing.flatMap { lane in
            lane.verdicts.flatMap(\.actions).filter { $0.kind == .restart }.map {
                "\($0.title) on \(lane.lane.host.name)"
            }
        }
        let all = restarts + leaving.map { "take \($0.name) out of the cluster" }
        guard !all.isEmpty, !yes, !options.noInput, console.isInteractive else { return }
        console.problem("This will \(all.joined(separator: ", ")).")
        guard Prompt.confirm("Go on?") else { throw ExitStatus.failed.code }
    }

    /// Hosts that are as wanted are members, hosts that were taken out are not.
    private func remember(
        _ report: RunReport,
        _ run: ClusterRun,
        _ machines: [String: String],
        _ membership: MembershipChange?,
        _ store: MembershipStore
    ) throws {
        let well = Set(report.lanes.filter { $0.ending == .asWanted }.map(\.host))
        let gone = Set((membership?.departures.leaving ?? []).filter(\.isWhole).map(\.name)).intersection(well)
        let record = store.read() ?? MembershipRecord(clusterID: run.clusterID)
        let hosts = run.spec.hosts.filter { well.contains($0.name) }
        try store.write(record.after(hosts, machines: machines, gone: gone))
    }

    /// What becomes of the machines that left: taken down where that was asked for, else said how.
    private func farewell(
        _ report: RunReport,
        _ run: ClusterRun,
        _ membership: MembershipChange?,
        _ store: MembershipStore,
        _ console: Console
    ) async throws {
        let well = Set(report.lanes.filter { $0.ending == .asWanted }.map(\.host))
        let gone = (membership?.departures.leaving ?? []).filter { $0.isWhole && well.contains($0.name) }
        guard teardownRemoved, !gone.isEmpty else {
            for departure in gone {
                let offer = LeavingHost(departure, steps: [], inventory: options.inventory).offer
                console.note("\(departure.name) is out of the cluster; \(offer)")
            }
            return
        }
        let outcomes = await FormerTeardown(run: run).perform(gone.compactMap { $0.member?.host })
        TeardownSummary(outcomes: outcomes, inventory: options.inventory).lines(console).forEach(console.note)
        let clean = Set(outcomes.filter(\.isClean).map(\.host))
        if let record = store.read() { try store.write(record.forgetting(clean)) }
        let status = TeardownOutcome.exitStatus(outcomes)
        if report.exitCode == .success, status != .success { throw status.code }
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
