package import ProvisionCore

/// Runs playbooks: hosts in waves, each host's segments in order, stopping after the first wave that holds a failure.
package struct PlaybookRunner: Sendable {
    /// What happens around hosts that the engine does not know: locks, and where collected things go.
    package struct Hooks: Sendable {
        /// Locks a host again, whose lock went with its reboot; who holds it, where somebody does.
        package var relock: @Sendable (ObservedLane) async -> String?
        /// Takes what a host handed over; why it cannot, where it cannot.
        package var receive: @Sendable (String, [SupportCollection.Item]) async -> String?

        package init(
            relock: @escaping @Sendable (ObservedLane) async -> String?,
            receive: @escaping @Sendable (String, [SupportCollection.Item]) async -> String?
        ) {
            self.relock = relock
            self.receive = receive
        }
    }

    let executor: Executor
    let connect: Executor.Connect
    let isInterrupted: @Sendable () -> Bool
    let report: @Sendable (RunEvent) -> Void
    let cluster: String
    let hooks: Hooks

    package init(
        executor: Executor,
        connect: @escaping Executor.Connect,
        isInterrupted: @escaping @Sendable () -> Bool,
        report: @escaping @Sendable (RunEvent) -> Void,
        cluster: String,
        hooks: Hooks
    ) {
        self.executor = executor
        self.connect = connect
        self.isInterrupted = isInterrupted
        self.report = report
        self.cluster = cluster
        self.hooks = hooks
    }

    /// Asks every host about its whole turn, and controllers about what they do for it.
    package func observe(_ turns: [PlaybookTurn]) async -> [ObservedTurn] {
        let own = await executor.observe(plan(turns.map(lane)))
        let delegated = await executor.observe(plan(delegates(turns)))
        for lane in delegated { await lane.session?.close() }
        let answers = delegated.reduce(into: [String: ProbeAnswer]()) { all, lane in
            for (resource, answer) in zip(lane.lane.resources, lane.answers) {
                all["\(lane.lane.host.name) \(resource.id)"] = answer
            }
        }
        return zip(turns, own).map { ObservedTurn(turn: $0, own: $1, delegated: answers) }
    }

    private func plan(_ lanes: [Plan.Lane]) -> Plan { Plan(cluster: cluster, lanes: lanes) }

    private func lane(_ turn: PlaybookTurn) -> Plan.Lane {
        Plan.Lane(host: turn.host, stages: turn.segments.filter { !$0.isDelegated }.flatMap(\.lane.stages))
    }

    /// One lane for each controller that does something for hosts.
    private func delegates(_ turns: [PlaybookTurn]) -> [Plan.Lane] {
        var lanes: [Plan.Lane] = []
        for segment in turns.flatMap(\.segments) where segment.isDelegated {
            if let known = lanes.firstIndex(where: { $0.host.name == segment.lane.host.name }) {
                lanes[known].stages += segment.lane.stages
            } else {
                lanes.append(segment.lane)
            }
        }
        return lanes
    }

    /// Runs all waves.
    ///
    /// - Parameter waves: Hosts that were asked.
    /// - Returns: One outcome per host, and what the hosts were left in.
    package func run(_ waves: [[ObservedTurn]]) async -> Ended {
        var ended = Ended()
        var stopped: String?
        for wave in waves {
            if let stopped {
                ended.lanes += wave.map(\.view)
                ended.cordoned += wave.filter(\.isCordoned).map(\.host)
                ended.outcomes += wave.map { turn in
                    report(RunEvent(.stageNotRun, host: turn.host, stage: "playbook", message: stopped))
                    return LaneOutcome(host: turn.host, ending: .notRun(stage: "its turn", reason: stopped), done: [])
                }
                continue
            }
            let results = await withTaskGroup(of: (Int, TurnRunner.Result).self) { group in
                for (index, turn) in wave.enumerated() {
                    group.addTask { (index, await TurnRunner(runner: self, observed: turn).run()) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (_, result) in results.sorted(by: { $0.key < $1.key }) {
                ended.outcomes.append(result.outcome)
                ended.cordoned += result.isCordoned ? [result.outcome.host] : []
                ended.lanes.append(result.lane)
                if result.outcome.ending != .asWanted, stopped == nil {
                    stopped = "\(result.outcome.host) did not succeed, so no further host is touched"
                }
            }
        }
        return ended
    }

    /// How all turns ended.
    package struct Ended: Sendable {
        package var outcomes: [LaneOutcome] = []
        /// Hosts whose node this run, or one before it, took out of service and did not give back.
        package var cordoned: [String] = []
        /// With the sessions that are open now.
        package var lanes: [ObservedLane] = []
    }
}

/// A turn with what its host, and controllers for it, answered.
package struct ObservedTurn: Sendable {
    package let turn: PlaybookTurn
    package let session: HostSession?
    package let failure: TransportError?
    /// The whole turn as a plan shows it.
    package let view: ObservedLane
    /// A run before this one left the node out of service.
    let isCordoned: Bool

    package var host: String { turn.host.name }
    package var isSame: Bool { view.isSame }

    init(turn: PlaybookTurn, own: ObservedLane, delegated: [String: ProbeAnswer]) {
        self.turn = turn
        session = own.session
        failure = own.failure
        var answers = delegated
        for (resource, answer) in zip(own.lane.resources, own.answers) {
            answers["\(turn.host.name) \(resource.id)"] = answer
        }
        isCordoned = turn.segments.contains { segment in
            segment.kind == .uncordon
                && segment.lane.resources.contains {
                    answers["\(segment.lane.host.name) \($0.id)"]?.status == NodeDrain.ownCordon
                }
        }
        let lane = turn.lane
        var verdicts: [Verdict] = []
        if own.failure == nil { verdicts = Self.judge(turn, answers) }
        view = ObservedLane(lane: lane, session: own.session, answers: [], verdicts: verdicts, failure: own.failure)
    }

    /// One verdict per resource of the turn's lane; a drain changes nothing where nothing under it does.
    private static func judge(_ turn: PlaybookTurn, _ answers: [String: ProbeAnswer]) -> [Verdict] {
        var verdicts: [String: Verdict] = [:]
        var changed: Set<String> = []
        for segment in turn.segments where segment.kind != .health {
            for resource in segment.lane.resources where !(segment.isDelegated && resource is MarkerResource) {
                let answer =
                    answers["\(segment.lane.host.name) \(resource.id)"]
                    ?? ProbeAnswer(status: 255, text: "no answer came")
                let verdict = resource.verdict(for: answer, changed: changed)
                if !verdict.isSame { changed.formUnion(resource.marks(of: verdict)) }
                verdicts[resource.id] = verdicts[resource.id] ?? verdict
            }
        }
        for (index, segment) in turn.segments.enumerated() where segment.kind == .drain {
            let works = turn.guarded(byDrainAt: index).flatMap(\.lane.resources).contains {
                verdicts[$0.id]?.isSame == false
            }
            guard !works else { continue }
            for resource in segment.lane.resources where resource is CommandResource {
                verdicts[resource.id] = .same("nothing that needs an empty node is to be done")
            }
        }
        return turn.lane.resources.map { verdicts[$0.id] ?? .same("is not asked") }
    }
}
