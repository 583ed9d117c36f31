import ProvisionCore
import Templates

/// Walks one host's turn: over its own connection, over a controller's, and across a reboot.
struct TurnRunner: Sendable {
    struct Result: Sendable {
        var outcome: LaneOutcome
        /// The node was taken out of service and not given back, in this run or in one before it.
        var isCordoned: Bool
        /// With the session that is open now.
        var lane: ObservedLane
    }

    let runner: PlaybookRunner
    let observed: ObservedTurn

    private var host: String { observed.host }

    private struct Walk {
        var session: HostSession
        var done: [Action] = []
        var isCordoned: Bool
    }

    func run() async -> Result {
        guard let session = observed.session else {
            let error =
                observed.failure
                ?? TransportError(
                    code: .localFailure,
                    host: host,
                    attempted: "connect",
                    reason: "no connection",
                    remedy: "run again"
                )
            return result(.unreachable(error), [], observed.isCordoned, nil)
        }
        var walk = Walk(session: await alive(session), isCordoned: observed.isCordoned)
        let ending = await pass(&walk)
        return result(ending, walk.done, walk.isCordoned, walk.session)
    }

    private func result(
        _ ending: LaneOutcome.Ending,
        _ done: [Action],
        _ isCordoned: Bool,
        _ session: HostSession?
    ) -> Result {
        var lane = observed.view
        lane.session = session
        let outcome = LaneOutcome(host: host, ending: ending, done: done)
        return Result(outcome: outcome, isCordoned: isCordoned, lane: lane)
    }

    /// A host of a late wave has waited for long: what lies between may have dropped its connection.
    private func alive(_ session: HostSession) async -> HostSession {
        if (try? await session.run("true", seconds: 10)) != nil { return session }
        guard let transport = try? await runner.connect(observed.turn.host) else { return session }
        await session.close()
        return HostSession(host: host, transport: transport)
    }

    private func pass(_ walk: inout Walk) async -> LaneOutcome.Ending {
        for (index, segment) in observed.turn.segments.enumerated() {
            if runner.isInterrupted() { return .interrupted(stage: name(segment)) }
            let ending: LaneOutcome.Ending
            switch segment.kind {
            case .drain:
                switch await ahead(observed.turn.guarded(byDrainAt: index), walk) {
                case nil: return .unreachable(lost)
                case .nothing?: continue
                case .refusal(let why, let remedy)?:
                    let stage = name(segment)
                    runner.report(RunEvent(.stageFailed, host: host, stage: stage, step: "refused", message: why))
                    return .refused(why, remedy: remedy)
                case .work?: break
                }
                let before = walk.isCordoned
                walk.isCordoned = true
                ending = await delegate(segment, &walk)
                // A refusal, and a controller that was not reached, leave the node as it was.
                switch ending {
                case .refused, .unreachable: walk.isCordoned = before
                default: break
                }
            case .uncordon:
                ending = await delegate(segment, &walk)
                if ending == .asWanted { walk.isCordoned = false }
            case .kubectlApply: ending = await delegate(segment, &walk)
            case .here, .health: ending = await act(segment.lane, &walk)
            case .reboot(let seconds): ending = await reboot(segment.lane, seconds, &walk)
            case .collect(let collection): ending = await collect(collection, walk.session)
            }
            guard ending == .asWanted else { return ending }
        }
        return .asWanted
    }

    private func name(_ segment: PlaybookTurn.Segment) -> String { segment.lane.stages.last?.name ?? "collect" }

    private func plan(_ lane: Plan.Lane) -> Plan { Plan(cluster: runner.cluster, lanes: [lane]) }

    private var lost: TransportError {
        TransportError(
            code: .connectionLost,
            host: host,
            attempted: "ask what there is to do before the node is drained",
            reason: "the host does not answer any more",
            remedy: "run the same command again; the node was not touched"
        )
    }

    /// What a drain is for, as the host answers now; `nil` where it does not.
    private func ahead(_ segments: [PlaybookTurn.Segment], _ walk: Walk) async -> TurnForesight? {
        var resources: [any Resource] = []
        var verdicts: [Verdict] = []
        for segment in segments where !segment.isDelegated {
            let lane = await again(segment.lane, walk.session)
            guard lane.failure == nil else { return nil }
            resources += lane.lane.resources
            verdicts += lane.verdicts
        }
        let foresight = TurnForesight(resources, verdicts)
        guard foresight == .nothing else { return foresight }
        for segment in segments where segment.isDelegated {
            let lanes = await runner.executor.observe(plan(segment.lane))
            for lane in lanes { await lane.session?.close() }
            if lanes.contains(where: { !$0.isSame }) { return .work }
        }
        return .nothing
    }

    private func again(_ lane: Plan.Lane, _ session: HostSession) async -> ObservedLane {
        let unasked = ObservedLane(lane: lane, session: session, answers: [], verdicts: [], failure: nil)
        return await runner.executor.observeAgain([unasked]).first ?? unasked
    }

    private func act(_ lane: Plan.Lane, _ walk: inout Walk) async -> LaneOutcome.Ending {
        await apply([await again(lane, walk.session)], &walk)
    }

    /// A connection of its own: other hosts of the wave may be busy on theirs for minutes.
    private func delegate(_ segment: PlaybookTurn.Segment, _ walk: inout Walk) async -> LaneOutcome.Ending {
        let lanes = await runner.executor.observe(plan(segment.lane))
        let ending = await apply(lanes, &walk)
        for lane in lanes { await lane.session?.close() }
        return ending
    }

    private func apply(_ lanes: [ObservedLane], _ walk: inout Walk) async -> LaneOutcome.Ending {
        guard let lane = lanes.first else { return .asWanted }
        let outcomes = await runner.executor.apply(lanes, plan: plan(lane.lane))
        guard let outcome = outcomes.first else { return .asWanted }
        walk.done += outcome.done
        return outcome.ending
    }

    private func collect(_ collection: SupportCollection, _ session: HostSession) async -> LaneOutcome.Ending {
        let nonce = Nonce.make()
        do throws(TransportError) {
            let result = try await session.run(collection.script(nonce: nonce), seconds: 300, limit: 64 << 20)
            let (items, isComplete) = SupportCollection.items(in: result.outputText, nonce: nonce)
            let reason = isComplete ? await runner.hooks.receive(host, items) : "its answer did not come to its end"
            guard let reason else {
                runner.report(RunEvent(.stageDone, host: host, stage: "collect", message: counted(items.count, "item")))
                return .asWanted
            }
            return .failed(failure("collect", "collect \(collection.summary)", reason))
        } catch {
            return .unreachable(error)
        }
    }

    /// Reboots where its resource wants it, and waits until another boot answers.
    private func reboot(_ lane: Plan.Lane, _ seconds: Int, _ walk: inout Walk) async -> LaneOutcome.Ending {
        let before = await again(lane, walk.session)
        let answers = zip(before.lane.resources, before.answers)
        let boot = answers.first { $0.0 is RebootResource }.flatMap { RebootResource.boot($0.1) }
        let ending = await apply([before], &walk)
        guard ending == .asWanted, let boot, before.failure == nil, !before.isSame || isUnderWay(before) else {
            return ending
        }
        await walk.session.close()
        runner.report(
            RunEvent(.stageWaiting, host: host, stage: name(lane), message: "the host's next boot, up to \(seconds) s")
        )
        guard let session = await returned(after: boot, seconds: seconds) else {
            if runner.isInterrupted() { return .interrupted(stage: "the host's return") }
            var failure = failure(name(lane), "wait for the host's next boot", "it did not answer within \(seconds) s")
            failure.kind = .wait
            return .failed(failure)
        }
        walk.session = session
        let relocked = ObservedLane(lane: lane, session: session, answers: [], verdicts: [], failure: nil)
        if let holder = await runner.hooks.relock(relocked) {
            return .failed(failure(name(lane), "lock the host again after its reboot", holder))
        }
        return await act(lane, &walk)
    }

    private func name(_ lane: Plan.Lane) -> String { lane.stages.last?.name ?? "reboot" }

    /// A reboot that a run before this one has set off.
    private func isUnderWay(_ lane: ObservedLane) -> Bool {
        lane.answers.contains { $0.words.dropFirst().first == "rebooting" }
    }

    /// A session with another boot than this one.
    private func returned(after boot: String, seconds: Int) async -> HostSession? {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end, !runner.isInterrupted() {
            try? await Task.sleep(for: .seconds(2))
            guard let transport = try? await runner.connect(observed.turn.host) else { continue }
            let session = HostSession(host: host, transport: transport)
            let answer = try? await session.run("cat /proc/sys/kernel/random/boot_id", seconds: 10)
            let now = answer?.outputText.split(whereSeparator: \.isWhitespace).first.map(String.init)
            if let now, now != boot { return session }
            await session.close()
        }
        return nil
    }

    private func failure(_ stage: String, _ attempted: String, _ output: String) -> StepFailure {
        StepFailure(host: host, stage: stage, step: attempted, kind: .run, attempted: attempted, output: output)
    }
}
