import ProvisionCore
import ProvisionEngine

/// Asks etcd's members before one of them is restarted, joins or goes; where nothing of etcd changes nobody is asked.
///
/// A replacement has its own questions, since what is wrong with a member is the reason for it.
struct EtcdGate {
    let run: ClusterRun
    let observed: [ObservedLane]
    let membership: MembershipChange?

    /// The report of a run that ends here, with nothing changed; `nil` where it may go on.
    ///
    /// What is worth a word is said.
    func refusal(verb: String) async -> RunReport? {
        guard verb != "etcd-replace", let touch else { return nil }
        let overview = await EtcdSurvey.take(run.spec, beside: sessions)
        // A rotation that stands half-way, and a leaf that is about to end, wait for no faster disk.
        let bearsSlowness = run.spec.lab != nil || verb.hasPrefix("certs-")
        guard let refusal = overview.hindrance(touch, bearsSlowness: bearsSlowness) else {
            overview.slowness(touch).forEach { run.context.console.remark("‼ \($0)") }
            return nil
        }
        return RunReport(lanes: observed.map { outcome(of: $0, refusal) } + leaving.map { refused($0, refusal) })
    }

    private var touch: EtcdOverview.Touch? {
        // To wait until a member is well is no change of it.
        let acting = observed.filter { $0.etcdActions.contains { $0.kind != .wait } }
        guard !leaving.isEmpty || !acting.isEmpty else { return nil }
        let restarting = acting.filter { $0.etcdActions.contains { $0.kind == .restart } }.map(\.lane.host.name)
        let reached = (membership?.lanes ?? []).filter { $0.failure == nil }.map(\.lane.host.name)
        return EtcdOverview.Touch(
            stops: !restarting.isEmpty || leaving.contains(where: reached.contains),
            leaving: Set(leaving),
            restarting: Set(restarting)
        )
    }

    /// Hosts whose members go.
    private var leaving: [String] {
        (membership?.departures.leaving ?? []).filter { $0.etcd != nil }.map(\.name)
    }

    /// Of members that run: others have nothing to say, and founders wait for each other.
    private var sessions: [String: HostSession] {
        observed.filter { $0.runsEtcd && !$0.isFoundingEtcd }.reduce(into: [:]) { $0[$1.lane.host.name] = $1.session }
    }

    private func outcome(of lane: ObservedLane, _ refusal: EtcdSituation.Refusal) -> LaneOutcome {
        let host = lane.lane.host.name
        if let failure = lane.failure { return LaneOutcome(host: host, ending: .unreachable(failure), done: []) }
        if lane.isSame { return LaneOutcome(host: host, ending: .asWanted, done: []) }
        guard lane.etcdActions.isEmpty else { return refused(host, refusal) }
        let stage = lane.lane.stages.first?.name ?? ""
        return LaneOutcome(host: host, ending: .notRun(stage: stage, reason: "etcd is left alone"), done: [])
    }

    private func refused(_ host: String, _ refusal: EtcdSituation.Refusal) -> LaneOutcome {
        LaneOutcome(host: host, ending: .refused(refusal.why, remedy: refusal.remedy), done: [])
    }
}

extension ObservedLane {
    fileprivate var runsEtcd: Bool {
        zip(lane.resources, answers).contains { resource, answer in
            guard let service = resource as? ServiceResource, service.unit == "etcd.service" else { return false }
            return ServiceState(words: answer.words)?.isRunning ?? false
        }
    }

    /// What is done in the turn of etcd.
    fileprivate var etcdActions: [Action] {
        var rest = verdicts[...]
        return lane.stages.flatMap { stage -> [Action] in
            let own = rest.prefix(stage.resources.count)
            rest = rest.dropFirst(stage.resources.count)
            return stage.rolling == .etcd ? own.flatMap(\.actions) : []
        }
    }
}
