package import ProvisionCore
import Templates

/// Takes clusters down host by host: survey, stop, remove, prove, and our own traces last.
package struct TeardownEngine: Sendable {
    private let connect: Executor.Connect
    private let report: @Sendable (RunEvent) -> Void
    private let isInterrupted: @Sendable () -> Bool
    private let hosts: Limiter

    package init(
        concurrency: ConcurrencySpec,
        connect: @escaping Executor.Connect,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.connect = connect
        self.isInterrupted = isInterrupted
        self.report = report
        hosts = Limiter(concurrency.hosts)
    }

    /// Looks at every host in one round trip each; read-only.
    package func survey(_ subjects: [TeardownPlan.Subject]) async -> [SurveyedHost] {
        await each(subjects) { await survey($0) }
    }

    /// Takes down what was surveyed, side by side.
    package func run(_ surveyed: [SurveyedHost]) async -> [TeardownOutcome] {
        await each(surveyed) { await TeardownRunner(host: $0, isInterrupted: isInterrupted, report: report).run() }
    }

    private func each<Input: Sendable, Output: Sendable>(
        _ inputs: [Input],
        _ body: @escaping @Sendable (Input) async -> Output
    ) async -> [Output] {
        await withTaskGroup(of: (Int, Output).self) { group in
            for (index, input) in inputs.enumerated() {
                group.addTask { (index, await hosts.run { await body(input) }) }
            }
            var outputs: [(Int, Output)] = []
            for await output in group { outputs.append(output) }
            return outputs.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func survey(_ subject: TeardownPlan.Subject) async -> SurveyedHost {
        let host = subject.lane.host.name
        let start = ContinuousClock.now
        do throws(TransportError) {
            let session = HostSession(host: host, transport: try await connect(subject.lane.host))
            let survey = HostSurvey(answer: try await session.observe([subject.survey]).first ?? ProbeAnswer(text: ""))
            guard survey.isComplete else {
                await session.close()
                throw TransportError(
                    code: .protocolFailure,
                    host: host,
                    attempted: "look at the host",
                    reason: "its answer is not whole",
                    remedy: "run again; if it comes back, look at /bin/sh, stat and base64 there"
                )
            }
            let plan = TeardownPlan(subject, survey)
            report(
                RunEvent(
                    .hostObserved,
                    host: host,
                    message: "\(counted(plan.work.count, "thing")) to do, \(plan.blocked.count) in the way",
                    milliseconds: start.milliseconds
                )
            )
            return SurveyedHost(subject: subject, session: session, plan: plan, failure: nil)
        } catch {
            report(RunEvent(.hostUnreachable, host: host, message: error.summary, milliseconds: start.milliseconds))
            return SurveyedHost(subject: subject, session: nil, plan: nil, failure: error)
        }
    }
}

/// A host with its plan, or why it has none.
package struct SurveyedHost: Sendable {
    package var subject: TeardownPlan.Subject
    package var session: HostSession?
    package var plan: TeardownPlan?
    package var failure: TransportError?

    package var name: String { subject.lane.host.name }

    /// As locks want it.
    package var observed: ObservedLane {
        ObservedLane(lane: subject.lane, session: session, answers: [], verdicts: [], failure: failure)
    }
}
