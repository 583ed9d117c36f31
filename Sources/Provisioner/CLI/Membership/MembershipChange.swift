import ProvisionCore
import ProvisionEngine
import Templates

/// Who left the inventory of a run, reached where he can be, and how he is taken out.
struct MembershipChange {
    let departures: Departures
    let record: MembershipRecord?
    /// The leaving hosts, asked which machines they are.
    let lanes: [ObservedLane]
    private let run: ClusterRun
    private let staying: [ObservedLane]
    private let drains: Bool
    private let keepsData: Bool

    /// Compares inventory, record and cluster; opens the leaving hosts.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - observed: Its hosts, as far as they stay.
    ///   - drains: Whether nodes are drained first.
    ///   - taking: Only these hosts leave; empty: whoever left the inventory.
    ///   - keepsData: Whether a member's data stays on its host.
    /// - Returns: Who leaves, and how.
    static func find(
        _ run: ClusterRun,
        observed: [ObservedLane],
        drains: Bool = true,
        taking: Set<String> = [],
        keepsData: Bool = false
    ) async -> MembershipChange {
        let record = MembershipStore(directory: run.spec.pki.directory).known
        // Who leaves may be the only one who knows the others.
        let remembered = Departures(run.spec, record: record, truth: ClusterTruth(), taking: taking)
        let hosts = remembered.leaving.compactMap { $0.member?.host }
        let known = Dictionary(observed.map { ($0.lane.host.name, $0) }) { first, _ in first }
        let away = hosts.filter { known[$0.name] == nil }
        let lanes = away.map { Plan.Lane(host: $0, stages: [Stage("machine", resources: [MachineResource()])]) }
        let opened = lanes.isEmpty ? [] : await run.executor.observe(Plan(cluster: run.spec.name, lanes: lanes))
        let truth = await ClusterTruthGathering.truth(observed + opened)
        return MembershipChange(
            departures: Departures(run.spec, record: record, truth: truth, taking: taking),
            record: record,
            lanes: opened + hosts.compactMap { known[$0.name] },
            run: run,
            staying: observed.filter { !taking.contains($0.lane.host.name) },
            drains: drains,
            keepsData: keepsData
        )
    }

    private init(
        departures: Departures,
        record: MembershipRecord?,
        lanes: [ObservedLane],
        run: ClusterRun,
        staying: [ObservedLane],
        drains: Bool,
        keepsData: Bool
    ) {
        self.departures = departures
        self.record = record
        self.lanes = lanes
        self.run = run
        self.staying = staying
        self.drains = drains
        self.keepsData = keepsData
    }

    var hasWork: Bool { !departures.isEmpty }

    var runner: DepartureRunner {
        DepartureRunner(
            departures.leaving,
            spec: run.spec,
            clusterID: run.clusterID,
            drains: drains,
            keepsData: keepsData,
            remains: run.remains(of: departures.leaving),
            staying: staying,
            leaving: lanes,
            isInterrupted: { [context = run.context] in context.isInterrupted },
            report: run.context.report
        )
    }

    /// Every planned step, for whoever reads a plan.
    func steps(_ departure: Departure) -> [DepartureSteps.Step] {
        let steps = DepartureSteps(
            departure,
            spec: run.spec,
            clusterID: run.clusterID,
            drains: drains,
            keepsData: keepsData
        )
        return steps.before + steps.after(member: run.spec.hosts(.etcd).first) + [steps.removal].compactMap(\.self)
    }

    /// Remarks, then a failure where a safety rule forbids to go on.
    func check(_ console: Console) throws {
        departures.remarks.forEach { console.remark("‼ \($0)") }
        guard let last = departures.refusals.last else { return }
        for refusal in departures.refusals.dropLast() { console.problem(refusal.why, remedy: refusal.remedy) }
        throw CommandFailure(last.why, remedy: last.remedy, status: .refused)
    }

    /// Where a controller leaves, load balancers keep it until an API server that stays is ready in its new form: the last
    /// one would otherwise be restarted with nobody beside it.
    func ordered(_ lanes: [ObservedLane]) -> [ObservedLane] {
        guard departures.leaving.contains(where: { $0.roles.contains(.controller) }) else { return lanes }
        return lanes.map { lane in
            var lane = lane
            for index in lane.lane.stages.indices where lane.lane.stages[index].rolling == .loadBalancer {
                lane.lane.stages[index].needs.append(.apiServerReady)
            }
            return lane
        }
    }

    /// Closes what was opened here.
    func close() async {
        let open = Set(staying.map(\.lane.host.name))
        for lane in lanes where !open.contains(lane.lane.host.name) { await lane.session?.close() }
    }
}

/// The cluster's own word about its members, from the observation or, where the first host is silent, from the others.
enum ClusterTruthGathering {
    static func truth(_ lanes: [ObservedLane]) async -> ClusterTruth {
        var truth = lanes.reduce(into: ClusterTruth()) { truth, lane in
            for (resource, answer) in zip(lane.lane.resources, lane.answers)
            where resource.id == ClusterTruthResource.id {
                truth = truth.completed(by: ClusterTruth(words: answer.words))
            }
        }
        for lane in lanes where truth.nodes == nil || truth.etcd == nil {
            let host = lane.lane.host
            guard let session = lane.session, host.has(.controller) || host.has(.etcd), !lane.isNew else { continue }
            let address = host.has(.etcd) ? host.internalAddress.description : nil
            let resource = ClusterTruthResource(asksAPI: host.has(.controller), etcdAddress: address)
            guard let answer = try? await session.observe([resource]).first else { continue }
            truth = truth.completed(by: ClusterTruth(words: answer.words))
        }
        return truth
    }
}
