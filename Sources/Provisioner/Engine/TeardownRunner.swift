import ProvisionCore
import Templates

/// Takes one host down; what it does next is always planned from what the host answered last.
struct TeardownRunner: Sendable {
    let host: SurveyedHost
    let isInterrupted: @Sendable () -> Bool
    let report: @Sendable (RunEvent) -> Void

    private static let stage = "teardown"

    private struct Walk {
        var plan: TeardownPlan
        var done: [Action] = []
        /// The host's own words about what it could not do, by subject.
        var words: [String: String] = [:]
    }

    func run() async -> TeardownOutcome {
        guard let session = host.session, let plan = host.plan else {
            return TeardownOutcome(host: host.name, ending: .unreachable(host.failure?.summary ?? "no connection"))
        }
        if case .refused(let why, let remedy) = plan.identity {
            return TeardownOutcome(host: host.name, ending: .refused(why, remedy: remedy))
        }
        var walk = Walk(plan: plan)
        if plan.isClean { return outcome(.clean, walk) }
        do throws(TransportError) {
            if let ending = try await takeDown(session, &walk) { return outcome(ending, walk) }
        } catch {
            report(RunEvent(.stageFailed, host: host.name, stage: Self.stage, message: error.summary))
            return outcome(error.stateIsUnknown ? .unknown(error) : .failed(error.summary), walk)
        }
        guard walk.plan.isClean else { return outcome(.left(left(walk)), walk) }
        report(RunEvent(.laneDone, host: host.name, message: "clean"))
        return outcome(.clean, walk)
    }

    /// Rounds, because what stops may leave mounts behind, and what was mounted may come to light.
    private func takeDown(
        _ session: HostSession,
        _ walk: inout Walk
    ) async throws(TransportError) -> TeardownOutcome.Ending? {
        for _ in 0..<3 where !walk.plan.isAllButTraces {
            let before = walk.plan.work
            for phase in [\TeardownPlan.stopActions, \.removeActions] {
                if let ending = try await perform(walk.plan[keyPath: phase], session, &walk) { return ending }
            }
            if walk.plan.work == before { break }
        }
        guard walk.plan.isAllButTraces else { return nil }
        return try await perform(walk.plan.traceActions, session, &walk)
    }

    private func perform(
        _ actions: [Action],
        _ session: HostSession,
        _ walk: inout Walk
    ) async throws(TransportError) -> TeardownOutcome.Ending? {
        guard !actions.isEmpty else { return nil }
        if isInterrupted() { return .interrupted }
        let count = counted(actions.count, "action")
        report(RunEvent(.stageStarted, host: host.name, stage: Self.stage, message: count))
        let answer = try await session.perform(actions, thenObserve: [host.subject.survey])
        let ending = read(answer, actions, &walk)
        switch ending {
        case .failed(let why), .refused(let why, _):
            report(RunEvent(.stageFailed, host: host.name, stage: Self.stage, step: why, message: why))
        default: report(RunEvent(.stageDone, host: host.name, stage: Self.stage, message: count))
        }
        return ending
    }

    /// What came of the actions; the host's answer is the next plan.
    private func read(_ answer: HostAnswer, _ actions: [Action], _ walk: inout Walk) -> TeardownOutcome.Ending? {
        if answer.isBusy { return .failed("another run's script is still working on this host") }
        if let receipt = answer.receipts[0], receipt.status != 0 {
            return .refused(receipt.output, remedy: "see that the inventory's address is the host that you mean")
        }
        for (index, action) in actions.enumerated().dropFirst() {
            guard let receipt = answer.receipts[index] else { continue }
            note(action, receipt, &walk)
        }
        let survey = HostSurvey(answer: answer.answers.first ?? ProbeAnswer(text: ""))
        guard survey.isComplete else { return .failed("the look at the host afterwards did not come back whole") }
        walk.plan = TeardownPlan(host.subject, survey)
        return nil
    }

    private func note(_ action: Action, _ receipt: HostAnswer.Receipt, _ walk: inout Walk) {
        walk.done.append(action)
        var lines = receipt.output.split(separator: "\n").filter { $0.hasPrefix("left ") }.map { $0.dropFirst(5) }
        if let status = receipt.status, status != 0 {
            lines.append("\(action.title)|ended with status \(status): \(receipt.output.suffix(300))")
        }
        for line in lines {
            let parts = line.split(separator: "|", maxSplits: 1).map(String.init)
            walk.words[parts.first ?? ""] = parts.count > 1 ? parts[1] : ""
        }
        report(
            RunEvent(
                lines.isEmpty ? .actionDone : .actionFailed,
                host: host.name,
                stage: Self.stage,
                step: action.title,
                action: action.kind.rawValue,
                message: lines.isEmpty ? action.title : "\(action.title): \(lines.joined(separator: "; "))",
                milliseconds: receipt.milliseconds
            )
        )
    }

    /// What is left and why; our own traces are left with it and are not counted.
    private func left(_ walk: Walk) -> [TeardownItem] {
        (walk.plan.blocked + walk.plan.work.filter { $0.kind != .trace }).map { item in
            var item = item
            if let word = walk.words.first(where: { $0.key.contains(item.subject) })?.value { item.reason = word }
            return item
        }
    }

    private func outcome(_ ending: TeardownOutcome.Ending, _ walk: Walk) -> TeardownOutcome {
        TeardownOutcome(host: host.name, ending: ending, done: walk.done)
    }
}
