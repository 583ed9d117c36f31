import ProvisionCore
import ProvisionEngine

/// What `plan` and `apply` see before anything changes: the hosts, who left the inventory, and the order of an upgrade.
struct ClusterLook {
    let run: ClusterRun
    let observed: [ObservedLane]
    /// `nil` where a limited run lets nobody leave.
    let membership: MembershipChange?
    let ordered: OrderedRun
    private let drains: Bool

    init(_ run: ClusterRun, _ observed: [ObservedLane], leaves: Bool, drains: Bool = true) async {
        self.run = run
        self.observed = observed
        self.drains = drains
        membership = leaves ? await MembershipChange.find(run, observed: observed, drains: drains) : nil
        ordered = await OrderedRun.order(observed, run)
    }

    /// Hosts that are not as wanted.
    var changing: Set<String> { Set(observed.filter { !$0.isSame }.map(\.lane.host.name)) }

    var leaving: [Departure] { membership?.departures.leaving ?? [] }

    /// What of etcd's members is worth knowing.
    var remarks: [String] {
        EtcdMembership.remarks(MembershipStore(directory: run.spec.pki.directory).known, observed)
    }

    /// Restarts, departures and what was edited by hand, in words: what a person is asked about.
    var disturbances: [String] {
        let restarts = observed.flatMap { lane in
            lane.verdicts.flatMap(\.actions).filter { $0.kind == .restart }.map {
                "\($0.title) on \(lane.lane.host.name)"
            }
        }
        let edits = observed.flatMap { lane in
            lane.edited.map { "write over \($0), edited by hand on \(lane.lane.host.name)" }
        }
        return restarts + edits + leaving.map { "take \($0.name) out of the cluster" }
    }

    /// The same over new connections, after something else has changed hosts.
    func again() async -> ClusterLook {
        await close()
        return await ClusterLook(
            run,
            await run.executor.observe(run.plan),
            leaves: membership != nil,
            drains: drains
        )
    }

    func close() async {
        await run.close(ordered.lanes)
        await membership?.close()
    }
}
