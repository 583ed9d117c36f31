import ArgumentParser
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision etcd replace`: one member leaves with its data and joins anew.
struct EtcdReplaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Take a member out, delete its data, let it join anew from the others.",
        discussion: """
            EXAMPLES:
              provision etcd replace --plan controller-1 inventory.yaml   # read-only
              provision etcd replace controller-1 inventory.yaml   # asks for the name
              provision etcd replace --confirm my-cluster controller-1 inventory.yaml

            For a member whose data is damaged or gone while its host stands. A machine that was made anew needs only \
            provision apply. The others save a snapshot first and must be enough without it. While certificates are being \
            rotated it is refused without --during-rotation.

            Exit status: 0 it is a member again, 3 it was taken out and did not come back, 5 a host is locked by another run, \
            8 refused: the others would have no quorum, it is the only member, or the inventory wants other versions than \
            run; 64 no such member, or not the cluster's name; 130 stopped between two steps: run it again.
            """
    )

    @Argument(help: "The member's host.")
    var host: String

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var rotation: RotationOptions

    @Flag(name: .long, help: "Only show what would be done; read-only.")
    var plan = false

    @Option(name: .long, help: "The cluster's name, in place of the question.")
    var confirm: String?

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let access = try await HostAccess("etcd-replace", options, console, onlyAsks: plan)
        let member = try member(access.spec)
        let confirmation = NameConfirmation(
            action: "a replacement",
            cluster: access.spec.name,
            confirm: confirm,
            preview: "provision etcd replace --plan \(host) \(options.inventory)"
        )
        if !plan { try confirmation.check(mayAsk: !options.noInput && console.canAsk) }
        let turn = try rotation.admit("\(host) would join etcd anew", access, isPlan: plan)
        defer { withExtendedLifetime(turn) {} }
        try await show(member, access, console)
        if !plan { try confirmation.ask("to delete the data of \(host) and let it join anew") }
        let run = try await ClusterRun.prepare(
            "etcd-replace",
            options,
            console: console,
            RunRequest(limit: [host], option: nil, dryRun: plan, context: access.context)
        )
        try await requireSameVersions(run)
        if !plan { try await replace(member, run, console) }
    }

    private func member(_ spec: ClusterSpec) throws -> HostSpec {
        _ = try ClusterRun.known([host], spec.hosts, nil)
        let members = spec.hosts(.etcd)
        if let member = members.first(where: { $0.name == host }) { return member }
        throw CommandFailure(
            "\(host) is no member of etcd",
            remedy: "members are \(members.map(\.name).joined(separator: ", "))",
            status: .usage
        )
    }

    /// What will be done, before anybody is asked; what stands against it ends the verb.
    private func show(_ member: HostSpec, _ access: HostAccess, _ console: Console) async throws {
        let overview = await EtcdSurvey.take(access)
        let replacement = EtcdReplacement(of: member, in: access.spec, seen: overview)
        (["now     \(overview.words)"] + replacement.steps.numbered).forEach(console.result)
        guard let refusal = replacement.refusal(options.inventory) else { return }
        throw CommandFailure(refusal.why, remedy: refusal.remedy, status: .refused)
    }

    private func replace(_ member: HostSpec, _ run: ClusterRun, _ console: Console) async throws {
        try await takeOut(member, run, console)
        let (joined, observed) = await run.joining(await run.executor.observe(run.plan))
        let report = await joined.apply(observed, joined.plan, verb: "etcd-replace")
        await joined.close(observed)
        if let holder = report.lockHolder {
            throw CommandFailure("locked: \(holder)", remedy: "wait for it, then: \(again)", status: .lockHeld)
        }
        RunSummary(report: report).show(console)
        joined.conclude(report)
        guard report.isAsWanted else { throw report.exitCode.code }
        console.result("\(host) is a member of etcd again, with data from the others")
    }

    private var again: String { "provision apply \(options.inventory)" }

    /// The host gets everything as the inventory says, and another version has an order of its own.
    private func requireSameVersions(_ run: ClusterRun) async throws {
        let observed = await run.executor.observe(run.plan)
        let upgrade = await UpgradeSurvey(run: run).read(observed)
        await run.close(observed)
        try RotationGuard.refuseStranger(observed)
        guard let change = upgrade?.changes.first else { return }
        throw CommandFailure(
            "\(change.host): the inventory wants another version of \(change.component.rawValue), \(change.words)",
            remedy: "put the version that runs back, replace the member, then upgrade with \(again)",
            status: .refused
        )
    }

    /// Snapshot, removal and the end of its data, under the locks of all members.
    private func takeOut(_ member: HostSpec, _ run: ClusterRun, _ console: Console) async throws {
        let lanes = run.spec.hosts(.etcd).map { host in
            let truth = ClusterTruthResource(asksAPI: false, etcdAddress: host.internalAddress.description)
            return Plan.Lane(host: host, stages: [Stage("members", resources: [truth])])
        }
        let observed = await run.executor.observe(Plan(cluster: run.spec.name, lanes: lanes))
        let staying = observed.filter { $0.lane.host.name != host }
        let locks = run.context.locks(verb: "etcd-replace")
        let holder = await locks.acquire(on: observed)
        let report = holder == nil ? await remove(member, observed, staying, run) : RunReport(lanes: [])
        if holder == nil { await locks.release(on: observed) }
        await run.close(observed)
        if let holder {
            throw CommandFailure(
                "locked: \(holder)",
                remedy: "provision lock status \(options.inventory)",
                status: .lockHeld
            )
        }
        guard !report.isAsWanted else { return }
        RunSummary(report: report).show(console)
        throw report.exitCode.code
    }

    private func remove(
        _ member: HostSpec,
        _ observed: [ObservedLane],
        _ staying: [ObservedLane],
        _ run: ClusterRun
    ) async -> RunReport {
        guard observed.contains(where: { $0.lane.host.name == host && $0.session != nil }) else {
            let refused = LaneOutcome.Ending.refused(
                "\(host) is not reached, so its data would stay there",
                remedy: "bring the host back, or take it out of the inventory: \(again)"
            )
            return RunReport(lanes: [LaneOutcome(host: host, ending: refused, done: [])])
        }
        let truth = await ClusterTruthGathering.truth(staying)
        guard let members = truth.etcd else {
            let refused = LaneOutcome.Ending.refused(
                "no other member of etcd answers",
                remedy: "bring a majority of the others back first; without one: provision etcd restore"
            )
            return RunReport(lanes: [LaneOutcome(host: host, ending: refused, done: [])])
        }
        let departure = Departure(
            name: host,
            member: ClusterMember(member, machineID: nil),
            roles: [.etcd],
            isWhole: false,
            node: nil,
            etcd: members.first { $0.belongs(to: member.nodeName, at: member.internalAddress.description) }
        )
        let runner = DepartureRunner(
            [departure],
            spec: run.spec,
            clusterID: run.clusterID,
            drains: false,
            staying: staying,
            leaving: observed,
            isInterrupted: { [context = run.context] in context.isInterrupted },
            report: run.context.report
        )
        return RunReport(lanes: runner.outcomes(await runner.after([:])))
    }
}
