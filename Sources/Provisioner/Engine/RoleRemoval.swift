import ProvisionCore

/// Takes away what a role left on a host that stays in the cluster without it, through the session of the run that goes on.
struct RoleRemoval: Sendable {
    let subject: TeardownPlan.Subject
    let session: HostSession
    let isInterrupted: @Sendable () -> Bool
    let report: @Sendable (RunEvent) -> Void

    private static let stage = DepartureRunner.stage
    private static let attempted = "remove what its lost role left"
    private var host: String { subject.lane.host.name }

    /// Surveys, removes and proves; how it ended, and what was done.
    func run() async -> LaneOutcome {
        let survey: HostSurvey
        do throws(TransportError) {
            survey = HostSurvey(answer: try await session.observe([subject.survey]).first ?? ProbeAnswer(text: ""))
        } catch {
            return LaneOutcome(host: host, ending: .init(error, host: host, stage: Self.stage), done: [])
        }
        guard survey.isComplete else {
            return LaneOutcome(host: host, ending: failed("its answer is not whole"), done: [])
        }
        let plan = TeardownPlan(subject, survey)
        guard !plan.isReceiptLost else { return kept() }
        let surveyed = SurveyedHost(subject: subject, session: session, plan: plan, failure: nil)
        let outcome = await TeardownRunner(host: surveyed, isInterrupted: isInterrupted, report: report).run()
        return LaneOutcome(host: host, ending: ending(outcome.ending), done: outcome.done)
    }

    /// Without its receipt nobody knows which role a file came with.
    private func kept() -> LaneOutcome {
        let words = "its receipt was lost: what its lost role left stays until the host's own teardown"
        report(RunEvent(.stageNotRun, host: host, stage: Self.stage, message: words))
        return LaneOutcome(host: host, ending: .asWanted, done: [])
    }

    private func ending(_ ending: TeardownOutcome.Ending) -> LaneOutcome.Ending {
        switch ending {
        case .clean: return .asWanted
        case .left(let items):
            let lines = items.map { "\($0.subject): \($0.reason)" }
            return failed(lines.isEmpty ? "the receipt could not be written anew" : lines.joined(separator: "\n"))
        case .refused(let why, let remedy): return .refused(why, remedy: remedy)
        case .unreachable(let why), .failed(let why): return failed(why)
        case .unknown(let error): return .unknown(error, stage: Self.stage)
        case .interrupted: return .interrupted(stage: Self.stage)
        }
    }

    private func failed(_ words: String) -> LaneOutcome.Ending {
        var failure = StepFailure(
            host: host,
            stage: Self.stage,
            step: Self.attempted,
            kind: .delete,
            attempted: Self.attempted,
            output: words
        )
        failure.remedy = "see to what is named (a foreign mount: unmount it), then run the same command again"
        return .failed(failure)
    }
}
