package import ProvisionCore
import Templates

/// Runs plans on hosts: observes lanes, and makes them as wanted.
package struct Executor: Sendable {
    package typealias Connect = @Sendable (HostSpec) async throws(TransportError) -> any Transport

    private let connect: Connect
    private let report: @Sendable (RunEvent) -> Void
    private let isInterrupted: @Sendable () -> Bool
    private let hostLimit: Limiter
    private let uploadLimit: Limiter
    private let concurrency: ConcurrencySpec

    /// An executor holds no state between runs.
    ///
    /// - Parameters:
    ///   - concurrency: How much may happen at once.
    ///   - connect: Opens a host's transport.
    ///   - isInterrupted: Asked before every stage, and between its uploads.
    ///   - report: Receives every event, from any thread.
    package init(
        concurrency: ConcurrencySpec,
        connect: @escaping Connect,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.connect = connect
        self.isInterrupted = isInterrupted
        self.report = report
        self.concurrency = concurrency
        hostLimit = Limiter(concurrency.hosts)
        uploadLimit = Limiter(concurrency.uploads)
    }

    /// Connects to every host of the plan and asks about its whole lane in one round trip.
    package func observe(_ plan: Plan) async -> [ObservedLane] {
        await withTaskGroup(of: ObservedLane.self) { group in
            for lane in plan.lanes { group.addTask { await hostLimit.run { await observe(lane) } } }
            var lanes: [String: ObservedLane] = [:]
            for await observed in group { lanes[observed.lane.host.name] = observed }
            return plan.lanes.compactMap { lanes[$0.host.name] }
        }
    }

    private func observe(_ lane: Plan.Lane) async -> ObservedLane {
        let host = lane.host.name
        let start = ContinuousClock.now
        do throws(TransportError) {
            let session = HostSession(host: host, transport: try await connect(lane.host))
            let answers: [ProbeAnswer]
            do throws(TransportError) { answers = try await session.observe(lane.resources) } catch {
                await session.close()
                throw error
            }
            let verdicts = Observation.judge(lane.resources, answers: answers)
            let changes = verdicts.count { !$0.isSame }
            let all = counted(verdicts.count, "resource")
            let message =
                changes == 0
                ? "\(all), all as wanted" : "\(changes) of \(all) to change"
            report(RunEvent(.hostObserved, host: host, message: message, milliseconds: start.milliseconds))
            return ObservedLane(lane: lane, session: session, answers: answers, verdicts: verdicts, failure: nil)
        } catch {
            report(RunEvent(.hostUnreachable, host: host, message: error.summary, milliseconds: start.milliseconds))
            return ObservedLane(lane: lane, session: nil, answers: [], verdicts: [], failure: error)
        }
    }

    /// Asks again over the sessions that are open; a host that does not answer any more has no session then.
    package func observeAgain(_ lanes: [ObservedLane]) async -> [ObservedLane] {
        await withTaskGroup(of: ObservedLane.self) { group in
            for lane in lanes { group.addTask { await hostLimit.run { await Self.observeAgain(lane) } } }
            var again: [String: ObservedLane] = [:]
            for await lane in group { again[lane.lane.host.name] = lane }
            return lanes.compactMap { again[$0.lane.host.name] }
        }
    }

    private static func observeAgain(_ lane: ObservedLane) async -> ObservedLane {
        guard let session = lane.session else { return lane }
        var lane = lane
        do throws(TransportError) {
            lane.answers = try await session.observe(lane.lane.resources)
            lane.verdicts = Observation.judge(lane.lane.resources, answers: lane.answers)
        } catch {
            lane.session = nil
            lane.failure = error
        }
        return lane
    }

    /// Makes every observed lane as wanted; lanes run side by side, meet only at gates, and act as many at once as may.
    package func apply(_ lanes: [ObservedLane], plan: Plan) async -> [LaneOutcome] {
        let members = Self.members(lanes)
        // In the other groups all hosts may start at once.
        let serving = Set(members.filter(\.isRunning).map(\.group))
        let board = GateBoard(plan: plan, serving: serving)
        let first: [RollingGroup: Set<String>] = [
            .apiServer: Self.newcomers(members), .etcd: EtcdOrder.followers(lanes),
        ]
        let turnstile = Turnstile(plan: plan, first: first)
        let relay = concurrency.relay ? UploadRelay.among(lanes, uploads: concurrency.uploads) : nil
        let ended: [LaneOutcome] = await withTaskGroup(of: LaneOutcome.self) { group in
            for lane in lanes {
                let runner = LaneRunner(
                    observed: lane,
                    board: board,
                    turnstile: turnstile,
                    serving: serving,
                    hosts: hostLimit,
                    uploads: uploadLimit,
                    relay: relay,
                    isInterrupted: isInterrupted,
                    report: report
                )
                group.addTask { await runner.run() }
            }
            var outcomes: [String: LaneOutcome] = [:]
            for await outcome in group { outcomes[outcome.host] = outcome }
            return lanes.compactMap { outcomes[$0.lane.host.name] }
        }
        if let relay { await RelayListener.close(on: lanes, relay) }
        return ended
    }

    /// The members of rolling groups, as far as their hosts answered.
    private static func members(_ lanes: [ObservedLane]) -> [Member] {
        lanes.filter { !$0.answers.isEmpty }.flatMap { lane in
            let stages = lane.lane.stages.flatMap { stage in stage.resources.map { (stage.rolling, $0) } }
            return zip(stages, lane.answers).compactMap { place, answer -> Member? in
                guard let group = place.0, place.1 is ServiceResource else { return nil }
                // A founder that waits for others serves nobody, and would wait for ever if they came one at a time.
                let serves = group != .etcd || !lane.isFoundingEtcd
                let runs = serves && ServiceState(words: answer.words)?.isRunning ?? false
                return Member(group: group, host: lane.lane.host.name, isRunning: runs)
            }
        }
    }

    private struct Member {
        var group: RollingGroup
        var host: String
        var isRunning: Bool
    }

    /// API servers that do not run yet: one that serves alone stops only once another one does.
    ///
    /// Nothing that they wait for waits for an API server that runs already, so nobody waits in a circle.
    private static func newcomers(_ members: [Member]) -> Set<String> {
        Set(members.filter { $0.group == .apiServer && !$0.isRunning }.map(\.host))
    }
}

/// A lane with what its host answered.
package struct ObservedLane: Sendable {
    package var lane: Plan.Lane
    package var session: HostSession?
    package var answers: [ProbeAnswer]
    /// Empty when the host was not reached.
    package var verdicts: [Verdict]
    package var failure: TransportError?

    package var isSame: Bool { failure == nil && verdicts.allSatisfy(\.isSame) }

    /// Whether its member of etcd was founded by a run that was cut off, and never seen standing.
    package var isFoundingEtcd: Bool {
        zip(lane.resources, answers).contains { resource, answer in
            resource.id == EtcdBootstrapResource.id && EtcdSituation.Holding(answer: answer) == .founding
        }
    }

    /// Whether the host was reached and carries the cluster's mark.
    fileprivate var isMember: Bool {
        zip(lane.resources, verdicts).contains { $0 is MarkerResource && $1.isSame }
    }

    /// Whether the host was reached and carries no cluster's mark yet.
    package var isNew: Bool {
        zip(lane.resources, verdicts).contains { resource, verdict in
            guard resource is MarkerResource, case .change = verdict else { return false }
            return true
        }
    }
}

extension ObservedLane {
    /// A host without a plan, as locks want it.
    package init(_ host: HostSpec) {
        self.init(lane: Plan.Lane(host: host, stages: []), session: nil, answers: [], verdicts: [], failure: nil)
    }
}

extension [ObservedLane] {
    /// The sessions that are open, with the lanes of another plan of the same hosts.
    package func bound(to plan: Plan) -> [ObservedLane] {
        let lanes = Dictionary(plan.lanes.map { ($0.host.name, $0) }) { first, _ in first }
        return map { observed in
            var observed = observed
            observed.lane = lanes[observed.lane.host.name] ?? observed.lane
            return observed
        }
    }
}

extension [ObservedLane] {
    /// Who does what is done once for the whole cluster while the first controller is not reached: the first that is a
    /// member and answers.
    package func standIn(among controllers: [HostSpec]) -> String? {
        let lanes = Dictionary(map { ($0.lane.host.name, $0) }) { first, _ in first }
        guard let first = controllers.first, lanes[first.name]?.failure != nil else { return nil }
        return controllers.first { lanes[$0.name]?.isMember ?? false }?.name
    }
}

extension ContinuousClock.Instant {
    /// Since then, rounded down.
    package var milliseconds: Int {
        let (seconds, attoseconds) = duration(to: .now).components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}

extension TransportError {
    /// One line: what was attempted and what came back.
    package var summary: String { "\(attempted): \(reason) [\(code.rawValue)]" }
}
