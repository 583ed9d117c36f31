import ProvisionCore
import ProvisionEngine

/// The own teardown of hosts that were taken out of a cluster which goes on.
struct FormerTeardown {
    let run: ClusterRun

    /// Surveys, locks and takes down; a host that somebody else holds is left as it is.
    func perform(_ hosts: [HostSpec]) async -> [TeardownOutcome] {
        let engine = run.teardownEngine
        let lanes = hosts.compactMap { run.lane(of: $0) }
        let surveyed = await engine.survey(run.subjects(lanes, clusterID: run.clusterID, keepsData: false))
        let locks = run.context.locks(verb: "apply")
        let outcomes: [TeardownOutcome]
        if let holder = await locks.acquire(on: surveyed.map(\.observed)) {
            outcomes = surveyed.map { TeardownOutcome(host: $0.name, ending: .failed("locked: \(holder)")) }
        } else {
            outcomes = await engine.run(surveyed)
            await locks.release(on: surveyed.map(\.observed))
        }
        for host in surveyed { await host.session?.close() }
        return outcomes
    }
}

extension ClusterRun {
    /// What is taken down, with the machines that are remembered.
    func subjects(_ lanes: [Plan.Lane], clusterID: String?, keepsData: Bool) -> [TeardownPlan.Subject] {
        let record = MembershipStore(directory: spec.pki.directory).known
        let known = (record?.members ?? []) + (record?.left ?? [])
        return lanes.map { lane in
            TeardownPlan.Subject(
                spec: spec,
                lane: lane,
                clusterID: clusterID,
                machineID: known.first { $0.name == lane.host.name }?.machineID,
                keepsData: keepsData
            )
        }
    }

    /// What the part as worker left on hosts that stay in the cluster without it, by their name.
    func remains(of departures: [Departure]) -> [String: TeardownPlan.Subject] {
        departures.filter { !$0.isWhole && $0.roles.contains(.worker) }.reduce(into: [:]) { subjects, departure in
            guard let host = spec.hosts.first(where: { $0.name == departure.name }) else { return }
            let scope = RoleScope(worker: host, in: spec)
            subjects[host.name] = TeardownPlan.Subject(
                spec: spec,
                lane: scope.former,
                clusterID: clusterID,
                machineID: departure.member?.machineID,
                keepsData: false,
                scope: scope
            )
        }
    }

    /// Over this run's connections, into its record.
    var teardownEngine: TeardownEngine {
        TeardownEngine(
            concurrency: spec.concurrency,
            connect: { host throws(TransportError) in try await connector.open(host) },
            isInterrupted: { context.isInterrupted },
            report: context.report
        )
    }
}
