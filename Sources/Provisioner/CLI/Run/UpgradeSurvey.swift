import ProvisionCore
import ProvisionEngine
import Templates

/// What runs in a cluster that stands, asked before its versions change.
struct UpgradeSurvey {
    let run: ClusterRun

    /// The upgrade that is due on these lanes; `nil` where nothing needs an order of its own.
    func read(_ observed: [ObservedLane]) async -> Upgrade? {
        let standing = observed.filter { !$0.isNew && $0.failure == nil }
        guard standing.contains(where: { Upgrade.isDue($0.verdicts) }) else { return nil }
        var facts = UpgradeFacts(
            hosts: standing.map(Self.host),
            running: [:],
            unreachable: observed.reduce(into: [:]) { $0[$1.lane.host.name] = $1.failure?.summary }
        )
        let sessions = await sessions(observed, &facts)
        for (name, output) in await ask(sessions, RunningVersions.script) {
            facts.running[name] = RunningVersions(output: output)
        }
        let upgrade = await complete(facts, sessions)
        for (name, session) in sessions where !observed.contains(where: { $0.lane.host.name == name }) {
            await session.session.close()
        }
        return upgrade.isEmpty ? nil : upgrade
    }

    private typealias Asked = (host: HostSpec, session: HostSession)

    /// The open sessions, and those of controllers and members that a limited run leaves out.
    private func sessions(_ observed: [ObservedLane], _ facts: inout UpgradeFacts) async -> [String: Asked] {
        var sessions: [String: Asked] = [:]
        for lane in observed where !lane.isNew {
            if let session = lane.session { sessions[lane.lane.host.name] = (lane.lane.host, session) }
        }
        for host in run.spec.hosts where host.has(.controller) || host.has(.etcd) {
            guard !observed.contains(where: { $0.lane.host.name == host.name }) else { continue }
            do throws(TransportError) {
                sessions[host.name] = (
                    host, HostSession(host: host.name, transport: try await run.connector.open(host))
                )
            } catch { facts.unreachable[host.name] = error.summary }
        }
        return sessions
    }

    private static func host(_ lane: ObservedLane) -> UpgradeFacts.Host {
        var host = UpgradeFacts.Host(name: lane.lane.host.name, changing: [], units: [])
        for (index, resource) in lane.lane.resources.enumerated() where index < lane.verdicts.count {
            if !lane.verdicts[index].isSame { host.changing.insert(resource.id) }
            if let service = resource as? ServiceResource,
                ServiceState(words: lane.answers[index].words)?.isRunning == true
            {
                host.units.insert(service.unit)
                let isRestarted = lane.verdicts[index].actions.contains { $0.kind == .restart }
                if isRestarted { host.restarting.insert(service.unit) }
            }
            if resource.id.hasPrefix("package:"), !resource.digest.isEmpty {
                host.packages[String(resource.id.dropFirst("package:".count))] = resource.digest
            }
        }
        return host
    }

    /// What only the API knows, and what of it goes.
    private func complete(_ facts: UpgradeFacts, _ sessions: [String: Asked]) async -> Upgrade {
        let first = Upgrade(spec: run.spec, facts: facts)
        guard !first.isEmpty, let driver = first.driver, let session = sessions[driver.name] else { return first }
        var facts = facts
        facts.nodes = UpgradeFacts.nodes(output: await Self.output(UpgradeFacts.nodesScript, session.session))
        let removed = first.removedAPIs
        if !removed.isEmpty {
            let controllers = sessions.filter { $0.value.host.has(.controller) }
            let asked = await ask(controllers) { _ in RemovedAPIUse.script() }
            let left = await Self.output(RemovedAPIUse.objectsScript(removed), session.session)
            facts.removed = RemovedAPIUse(output: (asked.values + [left]).joined(separator: "\n"))
        }
        return Upgrade(spec: run.spec, facts: facts)
    }

    private func ask(
        _ sessions: [String: Asked],
        _ script: @escaping @Sendable (HostSpec) -> String
    ) async -> [String: String] {
        await withTaskGroup(of: (String, String).self) { group in
            for (name, asked) in sessions {
                group.addTask { (name, await Self.output(script(asked.host), asked.session)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// What a script printed; nothing where the connection was lost, which the run itself will tell.
    private static func output(_ script: String, _ session: HostSession) async -> String {
        (try? await session.run(script, seconds: 120))?.outputText ?? ""
    }
}

/// A run whose lanes stand in the order of an upgrade, where there is one.
struct OrderedRun {
    let upgrade: Upgrade?
    let lanes: [ObservedLane]
    let plan: Plan

    /// Asks what runs, and orders what is due.
    ///
    /// Hosts that a limited run leaves out, but which the order needs, join it with nothing of their own to change.
    static func order(_ observed: [ObservedLane], _ run: ClusterRun) async -> OrderedRun {
        guard let upgrade = await UpgradeSurvey(run: run).read(observed) else {
            return OrderedRun(upgrade: nil, lanes: observed, plan: run.plan)
        }
        var plan = run.plan
        var lanes = observed
        let missing = upgrade.missing(from: plan).map(\.name)
        var extra = run.whole.limited(to: Set(missing))
        for index in extra.lanes.indices {
            extra.lanes[index].stages = extra.lanes[index].stages.prefix(1).map { ground in
                var ground = ground
                ground.resources = ground.resources.filter { $0 is MarkerResource }
                return ground
            }
        }
        if !missing.isEmpty {
            lanes += await run.executor.observe(extra)
            plan.lanes += extra.lanes
        }
        let ordered = upgrade.applied(to: plan)
        let again = await run.executor.observeAgain(lanes.bound(to: ordered))
        return OrderedRun(upgrade: upgrade, lanes: again, plan: ordered)
    }

    /// Ends here where a rule stands against it; what is only to be known is shown.
    func judge(_ console: Console, inventory: String) throws {
        guard let upgrade else { return }
        let results = upgrade.preflight()
        PreflightView(results: results, showsAll: false).show(console)
        let failures = results.count { $0.level == .failure }
        guard failures == 0 else {
            throw CommandFailure(
                "\(counted(failures, "rule stands", "rules stand")) against this upgrade; nothing was changed",
                remedy: "do what it says, then: provision plan \(inventory)",
                status: .preflightFailed
            )
        }
    }
}

extension OrderedRun {
    /// Nodes that a run which did not end well leaves cordoned, each with the reason that stands on it.
    func cordoned(_ run: ClusterRun) async -> [UpgradeFacts.Node] {
        guard let upgrade, let driver = upgrade.driver,
            let session = lanes.first(where: { $0.lane.host.name == driver.name })?.session,
            let result = try? await session.run(UpgradeFacts.nodesScript, seconds: 60)
        else { return [] }
        return UpgradeFacts.nodes(output: result.outputText).filter {
            $0.cordon?.hasPrefix(Upgrade.reasonPrefix) == true
        }
    }
}
