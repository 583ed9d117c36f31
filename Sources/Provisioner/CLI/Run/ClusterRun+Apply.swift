import ProvisionCore
import ProvisionEngine
import ProvisionSSH
import Templates

/// What a run does to its hosts, and what it says at its end.
extension ClusterRun {
    /// Locks every host that was reached and makes them as wanted; where nothing changes nothing is locked.
    ///
    /// Somebody else may have changed hosts between the first look and the locks, so they are asked again.
    ///
    /// - Parameters:
    ///   - observed: The hosts as they are.
    ///   - plan: What they shall be.
    ///   - verb: Stands in the locks.
    ///   - membership: Hosts that are taken out before and after.
    ///   - keepsLocks: Whether the locks are the caller's to give back.
    /// - Returns: How it ended.
    func apply(
        _ observed: [ObservedLane],
        _ plan: Plan,
        verb: String,
        membership: MembershipChange? = nil,
        keepsLocks: Bool = false
    ) async -> RunReport {
        let leaving = membership.flatMap { $0.hasWork ? $0 : nil }
        guard leaving != nil || observed.contains(where: { !$0.isSame }) else {
            return RunReport(lanes: observed.map { LaneOutcome(host: $0.lane.host.name, ending: .asWanted, done: []) })
        }
        tellEdits(observed)
        let gate = EtcdGate(run: self, observed: observed, membership: leaving)
        if let refusal = await gate.refusal(verb: verb) { return refusal }
        let locked =
            observed
            + (leaving?.lanes ?? []).filter { lane in
                !observed.contains { $0.lane.host.name == lane.lane.host.name }
            }
        let locks = context.locks(verb: verb)
        if let refusal = await locks.acquire(on: locked) { return refusal.report(on: locked) }
        let lanes: [LaneOutcome]
        if let leaving {
            lanes = await apply(leaving.ordered(observed), plan, leaving.runner)
        } else {
            lanes = await executor.apply(await executor.observeAgain(observed), plan: plan)
        }
        if !keepsLocks { await locks.release(on: locked) }
        return RunReport(lanes: lanes)
    }

    /// Pods move before routes and backends go; members of etcd go once nobody uses them.
    private func apply(_ observed: [ObservedLane], _ plan: Plan, _ runner: DepartureRunner) async -> [LaneOutcome] {
        let before = await runner.before()
        if let stopped = runner.stopped(before) {
            let reason = "\(stopped) could not leave"
            let untouched = observed.map { lane in
                let stage = lane.lane.stages.first?.name ?? ""
                return LaneOutcome(
                    host: lane.lane.host.name,
                    ending: lane.isSame ? .asWanted : .notRun(stage: stage, reason: reason),
                    done: []
                )
            }
            return untouched + runner.outcomes(before, waiting: reason)
        }
        let lanes = await executor.apply(await executor.observeAgain(observed), plan: plan)
        guard let failed = lanes.first(where: { $0.ending != .asWanted }) else {
            return lanes + runner.outcomes(await runner.after(before))
        }
        return lanes + runner.outcomes(before, waiting: "\(failed.host) is not as wanted yet")
    }

    /// Never in silence, be it asked for or not: drift is mended, and somebody may want back what he wrote.
    private func tellEdits(_ observed: [ObservedLane]) {
        for lane in observed {
            let host = lane.lane.host.name
            for path in lane.edited {
                let copy = "/var/lib/provision/edited/\(path.replacing("/", with: "+"))"
                let words =
                    "\(host): \(path) was edited by hand; what is written over is kept there, up to 1 MB: "
                    + copy
                context.console.problem("‼ \(words)", as: RunEvent(.remark, host: host, message: words))
            }
        }
    }

    func close(_ lanes: [ObservedLane]) async {
        for lane in lanes { await lane.session?.close() }
    }

    /// What the record says of the end; its last line is written once the verb has its exit status.
    func conclude(_ report: RunReport) {
        if let holder = report.lockHolder { return context.report(RunEvent(.locked, message: holder)) }
        context.console.journal.conclude(closingLine(changes: report.changes, succeeded: report.isAsWanted))
    }

    /// The last line of a run: one that makes people trust the tool when it says 0.
    func closingLine(changes: Int, succeeded: Bool, hosts: Int? = nil) -> String {
        let counts = context.counters.all.values
        let seconds = RunView.seconds(start.elapsedMilliseconds)
        let connections = counts.reduce(0) { $0 + $1.connections }
        let commands = counts.reduce(0) { $0 + $1.commands }
        let wire = "\(counted(connections, "connection")), \(counted(commands, "command"))"
        let done = "\(succeeded ? "" : "not finished, ")\(counted(changes, "change"))"
        return "\(done) on \(counted(hosts ?? plan.lanes.count, "host")) in \(seconds) (\(wire))"
    }

    func nextSteps(_ inventory: String) -> String {
        """
        record    \(context.record?.path ?? "none: the state directory cannot be written")
        next      provision status \(inventory)
                  provision smoke-test \(inventory)
                  provision kubeconfig \(inventory) --output kubeconfig && kubectl --kubeconfig kubeconfig get nodes
        """
    }
}

extension ObservedLane {
    /// Paths of files that would be written over although somebody else wrote them last.
    var edited: [String] {
        zip(lane.resources, verdicts).compactMap { resource, verdict in
            guard let file = (resource as? FileResource)?.file, case .change(FileResource.edited, _) = verdict else {
                return nil
            }
            return file.path
        }
    }
}
