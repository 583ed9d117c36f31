import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// The part of a restore that changes hosts, over open sessions and under all locks.
struct RestoreWork {
    let run: ClusterRun
    let observed: [ObservedLane]
    let source: RestoreSource
    let place: Workplace
    let time: String
    /// Its path, for remedies.
    let inventory: String

    private var console: Console { run.context.console }

    /// From the moment when data is swapped a first Ctrl-C waits until everything is started.
    ///
    /// - Returns: How the closing apply ended.
    /// - Throws: `CommandFailure` that says how far it came.
    func perform() async throws -> [LaneOutcome] {
        let members = try members()
        try await layGround()
        let standstill = RestoreStandstill(
            spec: run.spec,
            clusterID: run.clusterID,
            sessions: observed.reduce(into: [:]) { $0[$1.lane.host.name] = $1.session },
            inventory: inventory,
            console: console
        )
        let request = run.context.stopRequest
        let steps = RestoreSteps(members: members, standstill: standstill, stopRequest: request)
        try await steps.makeReady(source, by: place.file("survivor.db"))
        defer { request.release() }
        try await steps.swap()
        run.context.record("etcd's data was replaced on \(members.map(\.member.host).joined(separator: ", "))")
        return await run.executor.apply(await run.executor.observeAgain(observed), plan: run.plan)
    }

    private func members() throws -> [EtcdRestore] {
        try run.plan.lanes.filter { $0.host.has(.etcd) }.map { lane in
            guard let member = EtcdRestore.Member(lane: lane) else {
                throw CommandFailure(
                    "\(lane.host.name): its etcd unit lacks what a restore needs, or keeps its log elsewhere (--wal-dir)",
                    remedy: "take --wal-dir out of extraFlags, or restore by hand with etcdctl",
                    status: .refused
                )
            }
            return EtcdRestore(member: member, clusterID: run.clusterID, time: time)
        }
    }

    /// Everything up to etcd's unit, nothing that runs; no change on hosts that are as wanted.
    private func layGround() async throws {
        let plan = run.plan.etcdGround
        let lanes = plan.lanes.map { lane in
            var observedLane = ObservedLane(lane.host)
            observedLane.lane = lane
            observedLane.session = observed.first { $0.lane.host.name == lane.host.name }?.session
            return observedLane
        }
        let again = await run.executor.observeAgain(lanes)
        guard again.contains(where: { !$0.isSame }) else { return }
        let report = RunReport(lanes: await run.executor.apply(again, plan: plan))
        guard report.isAsWanted else {
            RunSummary(report: report).show(console)
            throw CommandFailure(
                "etcd's hosts did not get their files; etcd's data was not touched, and nothing was stopped",
                remedy: "mend what it says, then run the same command again",
                status: report.exitCode
            )
        }
    }
}
