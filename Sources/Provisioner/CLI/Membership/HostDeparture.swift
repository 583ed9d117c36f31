import ProvisionCore
import ProvisionEngine
import Templates

/// Takes single hosts out of a cluster that goes on, before they are taken down.
struct HostDeparture {
    private let run: ClusterRun
    private let change: MembershipChange
    /// Controllers and members of etcd that stay.
    let staying: [ObservedLane]

    /// - Returns: `nil` where nothing of the cluster stays that could be asked, or nothing answers: then it has nothing
    ///   to take anybody out of.
    /// - Throws: A refusal where nobody can be asked and a member of etcd would lose its data.
    static func find(_ names: Set<String>, _ run: ClusterRun, keepsData: Bool) async throws -> HostDeparture? {
        let hosts = run.spec.hosts.filter { !names.contains($0.name) && ($0.has(.controller) || $0.has(.etcd)) }
        guard hosts.contains(where: { $0.has(.controller) }) else { return nil }
        let lanes = hosts.map { host in
            let address = host.has(.etcd) ? host.internalAddress.description : nil
            let truth = ClusterTruthResource(asksAPI: host.has(.controller), etcdAddress: address)
            let own = run.whole.lanes.first { $0.host.name == host.name }?.resources ?? []
            let mark = own.filter { $0 is MarkerResource }
            return Plan.Lane(host: host, stages: [Stage("members", resources: mark + [truth as any Resource])])
        }
        let staying = await run.executor.observe(Plan(cluster: run.spec.name, lanes: lanes))
        do { try RotationGuard.refuseStranger(staying) } catch {
            await run.close(staying)
            throw error
        }
        let truth = await ClusterTruthGathering.truth(staying)
        let holdsEtcd = run.plan.lanes.contains { names.contains($0.host.name) && $0.host.has(.etcd) }
        guard truth.nodes != nil || holdsEtcd && hosts.contains(where: { $0.has(.etcd) }) else {
            for lane in staying { await lane.session?.close() }
            run.context.console.problem(
                "‼ no API server that stays answers: nobody is drained or taken out of the cluster"
            )
            return nil
        }
        let change = await MembershipChange.find(run, observed: staying, taking: names, keepsData: keepsData)
        return HostDeparture(run: run, change: change, staying: staying)
    }

    private init(run: ClusterRun, change: MembershipChange, staying: [ObservedLane]) {
        self.run = run
        self.change = change
        self.staying = staying
    }

    /// Whether anybody is taken out of anything.
    var hasWork: Bool { change.hasWork }

    func lines(_ console: Console) -> [String] {
        let leaving = change.departures.leaving
        return leaving.flatMap { departure -> [String] in
            ["first, \(departure.name) leaves the cluster:"]
                + change.steps(departure).map { "  \(console.paint("-", .red)) \($0.action.title)" }
        }
    }

    /// Remarks, then a failure where a safety rule forbids it.
    func check(_ console: Console) throws { try change.check(console) }

    /// Everything but the files of the hosts, under the caller's locks; a step that fails ends the verb.
    func perform(except refused: Set<String>) async throws {
        let runner = change.runner.without(refused)
        guard !runner.departures.isEmpty else { return }
        let report = RunReport(lanes: runner.outcomes(await runner.after(await runner.before())))
        guard !report.isAsWanted else { return }
        let console = run.context.console
        RunSummary(report: report).show(console)
        let done = report.lanes.flatMap(\.done).map(\.title).joined(separator: ", ")
        let state = done.isEmpty ? "nothing was changed" : "no file was removed yet; done: \(done)"
        console.problem("\(state); --no-drain takes a host down without a drain")
        throw report.exitCode.code
    }

    func close() async {
        for lane in staying { await lane.session?.close() }
        await change.close()
    }
}
