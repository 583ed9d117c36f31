package import ProvisionCore
import Templates

/// Takes hosts out of a cluster, in two parts: what must come before the remaining hosts change, and what after.
package struct DepartureRunner: Sendable {
    /// How far one departure came.
    package struct Progress: Sendable {
        package fileprivate(set) var done: [Action] = []
        /// Why it stopped; `nil` while it goes well.
        package fileprivate(set) var ending: LaneOutcome.Ending?
        /// Whether the last part was reached and went well.
        fileprivate var isOut = false
    }

    package let departures: [Departure]
    private let spec: ClusterSpec
    private let clusterID: String
    private let drains: Bool
    private let keepsData: Bool
    /// What a lost role leaves on hosts that stay, by their name.
    private let remains: [String: TeardownPlan.Subject]
    /// Hosts that stay.
    private let staying: [ObservedLane]
    /// Hosts that leave, those that were reached with a session.
    private let leaving: [ObservedLane]
    private let isInterrupted: @Sendable () -> Bool
    private let report: @Sendable (RunEvent) -> Void

    package init(
        _ departures: [Departure],
        spec: ClusterSpec,
        clusterID: String,
        drains: Bool,
        keepsData: Bool = false,
        remains: [String: TeardownPlan.Subject] = [:],
        staying: [ObservedLane],
        leaving: [ObservedLane],
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.departures = departures
        self.spec = spec
        self.clusterID = clusterID
        self.drains = drains
        self.keepsData = keepsData
        self.remains = remains
        self.staying = staying
        self.leaving = leaving
        self.isInterrupted = isInterrupted
        self.report = report
    }

    /// The same for fewer hosts.
    package func without(_ names: Set<String>) -> DepartureRunner {
        DepartureRunner(
            departures.filter { !names.contains($0.name) },
            spec: spec,
            clusterID: clusterID,
            drains: drains,
            keepsData: keepsData,
            remains: remains,
            staying: staying,
            leaving: leaving,
            isInterrupted: isInterrupted,
            report: report
        )
    }

    /// Drains, stops kubelets, deletes Nodes; takes members out of etcd whose hosts are not reached, since nobody can join
    /// beside a dead one.
    package func before() async -> [String: Progress] {
        var all: [String: Progress] = [:]
        let api = await door()
        for departure in departures {
            var progress = Progress()
            await perform(steps(departure).before, departure, .init(api: api, etcd: nil), &progress)
            if departure.etcd != nil, session(of: departure) == nil, progress.ending == nil {
                await leave(departure, only: [.etcd], &progress)
            }
            all[departure.name] = progress
        }
        return all
    }

    private func session(of departure: Departure) -> HostSession? {
        leaving.first { $0.lane.host.name == departure.name }?.session
    }

    /// Control plane, member and data, in this order, by what etcd says at this moment: a member whose name is not known
    /// must not lose its data while it still has a vote.
    private func leave(
        _ departure: Departure,
        only places: Set<DepartureSteps.Place>,
        _ progress: inout Progress
    ) async {
        guard departure.roles.contains(.etcd) || departure.etcd != nil else {
            return await perform(steps(departure).after(member: nil), departure, .init(), &progress)
        }
        guard let keeper = await member(), let members = await members(by: keeper) else {
            progress.ending = .notRun(stage: Self.stage, reason: "no member of etcd that stays is healthy")
            return
        }
        let now = departure.with(
            etcd: members.first { entry in
                if let member = departure.member { return entry.belongs(to: member.nodeName, at: member.address) }
                return entry.id == departure.etcd?.id
            }
        )
        let last = steps(now).after(member: keeper.lane.host).filter { places.contains($0.place) }
        await perform(last, now, .init(api: nil, etcd: keeper.session), &progress)
    }

    private func members(by keeper: ObservedLane) async -> [ClusterTruth.EtcdMember]? {
        let address = keeper.lane.host.internalAddress.description
        let resource = ClusterTruthResource(asksAPI: false, etcdAddress: address)
        guard let answer = try? await keeper.session?.observe([resource]).first else { return nil }
        return ClusterTruth(words: answer.words).etcd
    }

    /// Stops control planes, takes members out of etcd one at a time, and what roles left off hosts that stay; only of those
    /// that went well so far.
    package func after(_ all: [String: Progress]) async -> [String: Progress] {
        var all = all
        for departure in departures {
            var progress = all[departure.name] ?? Progress()
            guard progress.ending == nil else { continue }
            await leave(departure, only: [.etcd, .host], &progress)
            if progress.ending == nil { await clear(departure, &progress) }
            progress.isOut = progress.ending == nil
            all[departure.name] = progress
        }
        return all
    }

    private func clear(_ departure: Departure, _ progress: inout Progress) async {
        guard let subject = remains[departure.name], let session = session(of: departure) else { return }
        let removal = RoleRemoval(subject: subject, session: session, isInterrupted: isInterrupted, report: report)
        let outcome = await removal.run()
        progress.done += outcome.done
        if outcome.ending != .asWanted { progress.ending = outcome.ending }
    }

    package static let stage = "departure"

    /// The first host that could not go on.
    package func stopped(_ all: [String: Progress]) -> String? {
        departures.first { all[$0.name]?.ending != nil }?.name
    }

    /// As part of a run's report; as wanted is only who went through `after`: before it a member still has its vote.
    ///
    /// - Parameters:
    ///   - all: How far each came.
    ///   - reason: Why the others wait.
    /// - Returns: One for each.
    package func outcomes(_ all: [String: Progress], waiting reason: String = "it is still a member") -> [LaneOutcome] {
        departures.map { departure in
            let progress = all[departure.name] ?? Progress()
            let open: LaneOutcome.Ending = progress.isOut ? .asWanted : .notRun(stage: Self.stage, reason: reason)
            return LaneOutcome(host: departure.name, ending: progress.ending ?? open, done: progress.done)
        }
    }

    private struct Ways {
        var api: HostSession?
        var etcd: HostSession?
    }

    private func steps(_ departure: Departure) -> DepartureSteps {
        DepartureSteps(departure, spec: spec, clusterID: clusterID, drains: drains, keepsData: keepsData)
    }

    private func perform(
        _ steps: [DepartureSteps.Step],
        _ departure: Departure,
        _ ways: Ways,
        _ progress: inout Progress
    ) async {
        for step in steps where progress.ending == nil {
            guard !isInterrupted() else {
                progress.ending = .interrupted(stage: Self.stage)
                return
            }
            let session: HostSession?
            switch step.place {
            case .api: session = ways.api
            case .etcd: session = ways.etcd
            case .host: session = self.session(of: departure)
            }
            guard let session else {
                progress.ending = missing(step, departure)
                continue
            }
            switch await perform(step.action, departure, session) {
            // Another machine has its address by now: there is nothing of ours to end on it.
            case .refused(let words, _) where step.place == .host:
                report(RunEvent(.stageNotRun, host: departure.name, stage: Self.stage, message: words))
            case let ending?: progress.ending = ending
            case nil: progress.done.append(step.action)
            }
        }
    }

    /// A host that is not reached is taken out all the same; without an API nothing is.
    private func missing(_ step: DepartureSteps.Step, _ departure: Departure) -> LaneOutcome.Ending? {
        let reason = "not reached: \(step.action.title) was left out"
        guard step.place != .host else {
            report(RunEvent(.stageNotRun, host: departure.name, stage: Self.stage, message: reason))
            return nil
        }
        return .notRun(stage: Self.stage, reason: "no API server answers on any controller")
    }

    private func perform(
        _ action: Action,
        _ departure: Departure,
        _ session: HostSession
    ) async -> LaneOutcome.Ending? {
        report(RunEvent(.stageStarted, host: departure.name, stage: Self.stage, message: action.title))
        do throws(TransportError) {
            let answer = try await session.perform([action], thenObserve: [])
            guard let receipt = answer.receipts[0], receipt.status == 0 else {
                return failure(action, departure, answer.isBusy ? nil : answer.receipts[0])
            }
            report(
                RunEvent(
                    .actionDone,
                    host: departure.name,
                    stage: Self.stage,
                    step: action.title,
                    action: action.kind.rawValue,
                    message: action.title,
                    milliseconds: receipt.milliseconds
                )
            )
            report(RunEvent(.stageDone, host: departure.name, stage: Self.stage, message: action.title))
            return nil
        } catch {
            report(RunEvent(.stageFailed, host: departure.name, stage: Self.stage, message: error.summary))
            return LaneOutcome.Ending(error, host: departure.name, stage: Self.stage)
        }
    }

    private func failure(
        _ action: Action,
        _ departure: Departure,
        _ receipt: HostAnswer.Receipt?
    ) -> LaneOutcome.Ending {
        let words = receipt?.output ?? "another run's script is still working on this host"
        report(
            RunEvent(.stageFailed, host: departure.name, stage: Self.stage, step: action.title, message: words)
        )
        if receipt?.status == Int(ExitStatus.refused.rawValue) {
            return .refused("\(action.title): \(words)", remedy: "do what it says, then run the same command again")
        }
        return .failed(
            StepFailure(
                host: departure.name,
                stage: Self.stage,
                step: action.title,
                kind: action.kind,
                attempted: action.title,
                output: words
            )
        )
    }

    /// The first controller whose API server is ready, one that stays before one that leaves.
    private func door() async -> HostSession? {
        await first(.controller, "\(Prelude.probing)\nkc get --raw /readyz && echo ' ready'", in: staying + leaving)?
            .session
    }

    /// The first member of etcd that stays and is healthy.
    private func member() async -> ObservedLane? {
        await first(
            .etcd,
            "curl -fsS -m 3 http://127.0.0.1:2381/health | grep -q '\"health\":\"true\"' && echo ready",
            in: staying
        )
    }

    private func first(_ role: Role, _ script: String, in lanes: [ObservedLane]) async -> ObservedLane? {
        for lane in lanes where lane.lane.host.has(role) {
            guard let session = lane.session, let answer = try? await session.run(script) else { continue }
            if answer.outputText.contains("ready") { return lane }
        }
        return nil
    }
}
