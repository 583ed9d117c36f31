import ProvisionCore
import Templates

/// Walks one host's stages: waits for gates, acts, proves, opens gates.
struct LaneRunner: Sendable {
    let observed: ObservedLane
    let board: GateBoard
    let turnstile: Turnstile
    let serving: Set<RollingGroup>
    let hosts: Limiter
    let uploads: Limiter
    /// Where hosts take large files from each other; `nil` where all are sent from here.
    let relay: UploadRelay?
    let isInterrupted: @Sendable () -> Bool
    let report: @Sendable (RunEvent) -> Void

    var host: String { observed.lane.host.name }

    func run() async -> LaneOutcome {
        await openListener()
        let outcome = await walkStages()
        await relay?.leaves(host)
        if case .unknown = outcome.ending { await relay?.mutes(host) }
        await turnstile.finish(host)
        return outcome
    }

    /// Before the first stage, which may take long: others wait for what the host holds from before.
    private func openListener() async {
        guard let relay, let session = observed.session, await relay.offer(of: host) != nil else { return }
        if isInterrupted() { return await relay.mutes(host) }
        let listener = RelayListener(host: observed.lane.host, session: session, relay: relay, report: report)
        await hosts.run { await listener.openIfWanted() }
    }

    private func walkStages() async -> LaneOutcome {
        var walk = LaneWalk(answers: observed.answers)
        guard let session = observed.session else {
            let error =
                observed.failure
                ?? .init(
                    code: .localFailure,
                    host: host,
                    attempted: "connect",
                    reason: "no connection",
                    remedy: "run again"
                )
            await fail(from: 0, reason: "\(host) was not reached")
            return LaneOutcome(host: host, ending: .unreachable(error), done: [])
        }
        for (index, stage) in observed.lane.stages.enumerated() {
            let ending = await pass(stage, session, &walk)
            guard ending == .asWanted else {
                await fail(from: index, reason: "\(stage.name) on \(host) did not succeed")
                // Others may stand behind this host in a turn, and what is tried now may wait for them.
                await turnstile.finish(host)
                if ending.leavesConnection { await tryRest(after: index, session, &walk) }
                return LaneOutcome(host: host, ending: ending, done: walk.done)
            }
            for gate in stage.opens where await board.pass(gate, by: host) {
                report(RunEvent(.gateOpened, host: host, stage: stage.name, message: gate.rawValue))
            }
        }
        report(RunEvent(.laneDone, host: host, message: counted(walk.done.count, "change")))
        return LaneOutcome(host: host, ending: .asWanted, done: walk.done)
    }

    /// What a failure elsewhere must not hold up; in silence where it cannot begin, since how the lane ended is said.
    private func tryRest(after index: Int, _ session: HostSession, _ walk: inout LaneWalk) async {
        for stage in observed.lane.stages.dropFirst(index + 1) {
            if stage.isTriedAnyway, await mayBegin(stage) {
                _ = await pass(stage, session, &walk)
            } else {
                walk.leave(stage)
            }
        }
    }

    private func mayBegin(_ stage: Stage) async -> Bool {
        for gate in stage.needs where await board.wait(for: gate) != .open { return false }
        return true
    }

    private func pass(_ stage: Stage, _ session: HostSession, _ walk: inout LaneWalk) async -> LaneOutcome.Ending {
        defer { walk.leave(stage) }
        do throws(TransportError) {
            try await lookAgain(stage, session, &walk)
        } catch {
            return lost(error, stage)
        }
        let verdicts = Observation.judge(stage.resources, answers: walk.answers, changed: walk.changed)
        for case .refused(let why, let remedy) in verdicts {
            report(RunEvent(.stageFailed, host: host, stage: stage.name, step: "refused", message: why))
            return .refused(why, remedy: remedy)
        }
        guard verdicts.contains(where: { !$0.isSame }) else {
            if let group = stage.rolling { await turnstile.admit(group, after: host) }
            return .asWanted
        }
        if isInterrupted() { return .interrupted(stage: stage.name) }
        for gate in stage.needs {
            if case .failed(let reason) = await wait(gate, stage) {
                report(
                    RunEvent(.stageNotRun, host: host, stage: stage.name, message: "needs \(gate.rawValue): \(reason)")
                )
                return .notRun(stage: stage.name, reason: "needs \(gate.rawValue): \(reason)")
            }
        }
        guard let group = stage.rolling, serving.contains(group) else {
            return await act(stage, verdicts, session, &walk)
        }
        if let reason = await turnstile.enter(group, by: host) { return .notRun(stage: stage.name, reason: reason) }
        let ending = await act(stage, verdicts, session, &walk)
        await turnstile.leave(group, by: host, failure: halt(group, after: ending))
        return ending
    }

    /// Why no other member may act any more; `nil` when the next one may.
    private func halt(_ group: RollingGroup, after ending: LaneOutcome.Ending) -> String? {
        switch ending {
        case .asWanted: nil
        case .interrupted: "the run was interrupted at the turn of \(host)"
        default: "\(group.rawValue) on \(host) did not come back, so no other is touched"
        }
    }

    private func wait(_ gate: Gate, _ stage: Stage) async -> GateBoard.State {
        if let state = await board.state(of: gate) { return state }
        report(RunEvent(.stageWaiting, host: host, stage: stage.name, message: gate.rawValue))
        return await board.wait(for: gate)
    }

    /// Where hosts take a place to act; a stage that waits for other hosts never holds one that they might need.
    func places(_ stage: Stage) -> Limiter? { stage.waitsForOthers ? nil : hosts }

    private func act(
        _ stage: Stage,
        _ verdicts: [Verdict],
        _ session: HostSession,
        _ walk: inout LaneWalk
    ) async -> LaneOutcome.Ending {
        await places(stage)?.enter()
        let ending = await work(stage, verdicts, session, &walk)
        await places(stage)?.leave()
        return ending
    }

    private func work(
        _ stage: Stage,
        _ verdicts: [Verdict],
        _ session: HostSession,
        _ walk: inout LaneWalk
    ) async -> LaneOutcome.Ending {
        if isInterrupted() { return .interrupted(stage: stage.name) }
        let start = ContinuousClock.now
        let actions = verdicts.flatMap(\.actions)
        report(RunEvent(.stageStarted, host: host, stage: stage.name, message: counted(actions.count, "action")))
        for (resource, verdict) in zip(stage.resources, verdicts) where !verdict.isSame {
            walk.changed.formUnion(resource.marks(of: verdict))
        }
        do throws(TransportError) {
            let ahead = walk.ahead(in: observed.lane)
            walk.fresh = 0
            if let ending = try await perform(actions, stage, session, ahead, &walk) { return ending }
        } catch {
            return lost(error, stage)
        }
        if let failure = unproven(stage, walk) { return report(failure) }
        report(
            RunEvent(
                .stageDone,
                host: host,
                stage: stage.name,
                message: counted(actions.count, "action"),
                milliseconds: start.milliseconds
            )
        )
        return .asWanted
    }

    /// Asks about what was found before this lane's last action, where it did not ask so far ahead.
    private func lookAgain(_ stage: Stage, _ session: HostSession, _ walk: inout LaneWalk) async throws(TransportError)
    {
        guard walk.fresh < stage.resources.count else { return }
        walk.take(try await session.observe(walk.ahead(in: observed.lane)))
    }

    private func lost(_ error: TransportError, _ stage: Stage) -> LaneOutcome.Ending {
        report(RunEvent(.stageFailed, host: host, stage: stage.name, message: error.summary))
        return LaneOutcome.Ending(error, host: host, stage: stage.name)
    }

    /// The first resource that is still not as wanted.
    private func unproven(_ stage: Stage, _ walk: LaneWalk) -> StepFailure? {
        let after = Observation.judge(stage.resources, answers: walk.answers)
        guard let index = after.firstIndex(where: { !$0.isSame }) else { return nil }
        let resource = stage.resources[index]
        let why: String
        switch after[index] {
        case .same: return nil
        case .change(let reason, _), .refused(let reason, _): why = reason
        }
        return StepFailure(
            host: host,
            stage: stage.name,
            step: resource.id,
            kind: after[index].actions.first?.kind ?? .run,
            attempted: "prove that \(resource.title) is as wanted after the change",
            output: why
        )
    }

    /// Everything that this lane would still have opened stays shut.
    private func fail(from index: Int, reason: String) async {
        for stage in observed.lane.stages.dropFirst(index) {
            for gate in stage.opens where await board.fail(gate, by: host, reason: reason) {
                report(RunEvent(.gateOpened, host: host, stage: stage.name, message: gate.rawValue))
            }
        }
    }
}
