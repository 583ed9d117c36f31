import ProvisionCore
import ProvisionEngine
import Templates
import Testing

/// Hosts that nobody reaches leave a cluster whose API does not answer.
@Suite struct DepartureRunnerTests {
    private func departure(_ name: String, _ role: Role, node: String? = nil) -> Departure {
        var machine = host(name)
        machine.roles = [role]
        let member = ClusterMember(machine, machineID: nil)
        return Departure(name: name, member: member, roles: [role], isWhole: true, node: node, etcd: nil)
    }

    private func runner(_ departures: [Departure], drains: Bool, _ recorder: Recorder) throws -> DepartureRunner {
        DepartureRunner(
            departures,
            spec: try twoHosts(),
            clusterID: "7f3c",
            drains: drains,
            staying: [],
            leaving: [],
            isInterrupted: { !drains && !recorder.events.isEmpty },
            report: recorder.record
        )
    }

    @Test func `who has not gone through all of it is not out of the cluster`() async throws {
        let departures = [departure("controller-2", .controller), departure("worker-1", .worker, node: "worker-1")]
        let runner = try runner(departures, drains: true, Recorder())
        let before = await runner.before()
        #expect(runner.stopped(before) == "worker-1")
        let waiting = LaneOutcome.Ending.notRun(stage: DepartureRunner.stage, reason: "worker-1 could not leave")
        let outcomes = runner.outcomes(before, waiting: "worker-1 could not leave")
        #expect(outcomes.map(\.host) == ["controller-2", "worker-1"])
        #expect(outcomes.first?.ending == waiting, "its member may have a vote")
        #expect(outcomes.last?.ending != .asWanted)
        let after = runner.outcomes(await runner.after(before))
        #expect(after.first?.ending == .asWanted && after.last?.ending != .asWanted)
    }

    @Test func `a departure stops between two steps`() async throws {
        let recorder = Recorder()
        let runner = try runner([departure("worker-1", .worker, node: "worker-1")], drains: false, recorder)
        let report = RunReport(lanes: runner.outcomes(await runner.after(await runner.before())))
        #expect(report.lanes.map(\.ending) == [.interrupted(stage: DepartureRunner.stage)])
        #expect(report.exitCode == .interrupted)
        #expect(recorder.events.count == 1, "what came before the signal")
    }
}
