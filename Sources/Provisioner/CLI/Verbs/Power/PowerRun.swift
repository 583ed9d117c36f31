import ArgumentParser
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// Phases of a whole cluster, one after another.
struct PowerRun {
    let verb: String
    let options: InventoryOptions
    let power: PowerOptions
    let console: Console

    func run(_ phases: KeyPath<ClusterPower, [ClusterPower.Phase]>) async throws {
        let run = try await ClusterRun.prepare(
            verb,
            options,
            console: console,
            .looking(onlyAsks: power.plan)
        )
        let turn = try turn(run.spec)
        defer { withExtendedLifetime(turn) {} }
        let phases = ClusterPower(plan: run.plan)[keyPath: phases]
        let hosts = await run.executor.observe(Self.whole(phases, of: run.plan))
        guard !power.plan else { return try await show(phases, hosts, run) }
        if let lost = hosts.first(where: { $0.failure != nil }) {
            await run.close(hosts)
            throw CommandFailure(
                "\(lost.lane.host.name) was not reached; nothing was done on any host",
                remedy: "mend the way to it: \(lost.failure?.summary ?? "")",
                status: .failed
            )
        }
        do { try confirm(hosts) } catch {
            await run.close(hosts)
            throw error
        }
        let report = await act(phases, hosts, run)
        await run.close(hosts)
        run.conclude(report)
        try finish(report, run, hosts.count)
    }

    /// A power cut asks no rotation either; only one that a process is at work on is not stopped under it.
    private func turn(_ spec: ClusterSpec) throws -> RotationLock? {
        guard verb == "stop", !power.plan else { return nil }
        return try RotationGuard.admit(
            "every service would stop",
            spec,
            inventory: options.inventory,
            isAsked: true,
            console: console
        )
    }

    /// Every phase of a host in one lane, so that one round trip asks about all.
    private static func whole(_ phases: [ClusterPower.Phase], of plan: Plan) -> Plan {
        let lanes = plan.lanes.compactMap { lane -> Plan.Lane? in
            let stages = phases.flatMap { phase in
                phase.plan.lanes.filter { $0.host.name == lane.host.name }.flatMap(\.stages)
            }
            return stages.isEmpty ? nil : Plan.Lane(host: lane.host, stages: stages)
        }
        return Plan(cluster: plan.cluster, lanes: lanes)
    }

    private func act(_ phases: [ClusterPower.Phase], _ hosts: [ObservedLane], _ run: ClusterRun) async -> RunReport {
        guard hosts.contains(where: { !$0.isSame }) else {
            return RunReport(lanes: hosts.map { LaneOutcome(host: $0.lane.host.name, ending: .asWanted, done: []) })
        }
        let locks = run.context.locks(verb: verb)
        if let holder = await locks.acquire(on: hosts) { return RunReport(lanes: [], lockHolder: holder.description) }
        var outcomes = hosts.map { LaneOutcome(host: $0.lane.host.name, ending: .asWanted, done: []) }
        for phase in phases {
            let ended = await pass(phase, hosts, run)
            for outcome in ended {
                guard let index = outcomes.firstIndex(where: { $0.host == outcome.host }) else { continue }
                outcomes[index].done += outcome.done
                outcomes[index].ending = outcome.ending
            }
            guard ended.allSatisfy({ $0.ending == .asWanted }) else { break }
            run.context.report(RunEvent(.gateOpened, message: "\(phase.name): \(verb == "stop" ? "stopped" : "well")"))
        }
        await locks.release(on: hosts)
        return RunReport(lanes: outcomes)
    }

    private func pass(_ phase: ClusterPower.Phase, _ hosts: [ObservedLane], _ run: ClusterRun) async -> [LaneOutcome] {
        let lanes = phase.plan.lanes.compactMap { lane -> ObservedLane? in
            var observed = hosts.first { $0.lane.host.name == lane.host.name }
            observed?.lane = lane
            return observed
        }
        return await run.executor.apply(await run.executor.observeAgain(lanes), plan: phase.plan)
    }

    private func show(_ phases: [ClusterPower.Phase], _ hosts: [ObservedLane], _ run: ClusterRun) async throws {
        var rows: [PowerDocument.Step] = []
        for (number, phase) in phases.enumerated() {
            let lanes = phase.plan.lanes
            for lane in lanes {
                guard let host = hosts.first(where: { $0.lane.host.name == lane.host.name }) else { continue }
                for resource in lane.resources where resource.id.hasPrefix("\(verb):") {
                    let index = host.lane.resources.firstIndex { $0.id == resource.id }
                    let verdict = index.flatMap { host.verdicts.indices.contains($0) ? host.verdicts[$0] : nil }
                    rows.append(
                        PowerDocument.Step(
                            number + 1,
                            phase.name,
                            lane.host.name,
                            resource.title,
                            verdict,
                            host.failure?.summary
                        )
                    )
                }
            }
        }
        await run.close(hosts)
        if power.format.isJSON {
            console.result(JSONOutput.text(PowerDocument(steps: rows)))
        } else {
            var last = 0
            for row in rows {
                if row.phase != last { console.result("\(row.phase). \(row.name)") }
                last = row.phase
                console.result(
                    "    \(row.changes ? console.paint("~", .yellow) : "=") \(row.host)  \(row.title)  \(console.paint(row.why, .dim))"
                )
            }
            let changing = rows.filter(\.changes)
            let touched = "\(Set(changing.map(\.host)).count) of \(counted(hosts.count, "host"))"
            console.result("\n\(counted(changing.count, "change")) on \(touched).")
        }
        if hosts.contains(where: { $0.failure != nil }) { throw ExitStatus.failed.code }
    }

    private func confirm(_ hosts: [ObservedLane]) throws {
        guard verb == "stop", !power.yes, hosts.contains(where: { !$0.isSame }) else { return }
        try Confirmation(
            command: "provision stop \(options.inventory)",
            preview: "provision stop --plan \(options.inventory)"
        ).ask(
            "This ends every pod and the API on \(counted(hosts.count, "host")). Go on?",
            canAsk: console.canAsk && !options.noInput
        )
    }

    private func finish(_ report: RunReport, _ run: ClusterRun, _ hosts: Int) throws {
        if let holder = report.lockHolder {
            console.locked(by: holder, options.inventory)
            guard power.format.isJSON else { throw ExitStatus.lockHeld.code }
        }
        RunSummary(report: report).show(console)
        if power.format.isJSON {
            console.result(JSONOutput.text(ReportDocument(report, of: run)))
        } else {
            console.result(run.closingLine(changes: report.changes, succeeded: report.isAsWanted, hosts: hosts))
            if report.isAsWanted {
                console.note("next  provision \(verb == "stop" ? "start" : "status") \(options.inventory)")
            }
        }
        if report.exitCode != .success { throw report.exitCode.code }
    }
}
