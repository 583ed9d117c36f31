import ProvisionCore

/// How a stage's actions are performed, and what is said of them.
extension LaneRunner {
    /// Performs actions in order: scripts in one round trip, each upload as a command of its own.
    ///
    /// An interrupt ends it between two of these.
    func perform(
        _ actions: [Action],
        _ stage: Stage,
        _ session: HostSession,
        _ ahead: [any Resource],
        _ walk: inout LaneWalk
    ) async throws(TransportError) -> LaneOutcome.Ending? {
        var rest = actions[...]
        while let first = rest.firstIndex(where: { $0.upload != nil }) {
            let batch = Array(rest[..<first])
            if !batch.isEmpty, let failure = try await run(batch, stage, session, [], &walk) { return report(failure) }
            let row = Array(rest[first...].prefix { $0.upload != nil })
            if let ending = try await upload(row, stage, session, &walk) { return ending }
            rest = rest[(first + row.count)...]
        }
        if let next = rest.first, isInterrupted() { return interrupted(before: next, stage) }
        guard let failure = try await run(Array(rest), stage, session, ahead, &walk) else { return nil }
        return report(failure)
    }

    /// Uploads that follow each other in a stage; among them no order counts.
    private func upload(
        _ row: [Action],
        _ stage: Stage,
        _ session: HostSession,
        _ walk: inout LaneWalk
    ) async throws(TransportError) -> LaneOutcome.Ending? {
        let step = UploadStep(
            host: observed.lane.host,
            stage: stage.name,
            session: session,
            places: places(stage),
            uploads: uploads,
            relay: relay,
            isInterrupted: isInterrupted,
            report: report
        )
        var row = row
        while !row.isEmpty {
            switch await step.one(of: row) {
            case .done(let index, let message, let milliseconds):
                finished(row.remove(at: index), stage, milliseconds, &walk, message: message)
            case .refused(let action, let words): return report(failure(action, stage, words))
            case .interrupted(let action): return interrupted(before: action, stage)
            case .lost(let error): throw error
            }
        }
        return nil
    }

    private func interrupted(before action: Action, _ stage: Stage) -> LaneOutcome.Ending {
        let message = "\(host) stopped before: \(action.title)"
        report(RunEvent(.interrupted, host: host, stage: stage.name, step: action.title, message: message))
        return .interrupted(stage: "\(action.title) in \(stage.name)")
    }

    private func run(
        _ batch: [Action],
        _ stage: Stage,
        _ session: HostSession,
        _ ahead: [any Resource],
        _ walk: inout LaneWalk
    ) async throws(TransportError) -> StepFailure? {
        let answer = try await session.perform(batch, thenObserve: ahead)
        if answer.isBusy {
            return failure(
                batch.first ?? Action(kind: .run, title: "observe", script: ""),
                stage,
                "another run's script is still working on this host"
            )
        }
        for (index, action) in batch.enumerated() {
            let receipt = answer.receipts[index]
            guard receipt?.status == 0 else {
                var failure = failure(action, stage, receipt?.output ?? "it did not begin")
                failure.isRefusal = receipt?.status == Int(ExitStatus.refused.rawValue)
                return failure
            }
            finished(action, stage, receipt?.milliseconds ?? 0, &walk)
        }
        if !ahead.isEmpty { walk.take(answer.answers) }
        return nil
    }

    private func finished(
        _ action: Action,
        _ stage: Stage,
        _ milliseconds: Int,
        _ walk: inout LaneWalk,
        message: String? = nil
    ) {
        walk.done.append(action)
        let event = RunEvent(
            .actionDone,
            host: host,
            stage: stage.name,
            step: action.title,
            action: action.kind.rawValue,
            message: message ?? action.title,
            milliseconds: milliseconds
        )
        report(event)
    }

    private func failure(_ action: Action, _ stage: Stage, _ output: String) -> StepFailure {
        StepFailure(
            host: host,
            stage: stage.name,
            step: action.title,
            kind: action.kind,
            attempted: action.title,
            output: output
        )
    }

    func report(_ failure: StepFailure) -> LaneOutcome.Ending {
        report(RunEvent(.stageFailed, host: host, stage: failure.stage, step: failure.step, message: failure.output))
        guard !failure.isRefusal else {
            return .refused(
                "\(failure.step): \(failure.output)",
                remedy: "mend what it says, then run the same command again"
            )
        }
        return .failed(failure)
    }
}
