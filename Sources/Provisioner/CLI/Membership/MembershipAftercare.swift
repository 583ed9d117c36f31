import ProvisionCore
import ProvisionEngine

/// What is remembered after a run about who belongs to the cluster, and what becomes of machines that left it.
struct MembershipAftercare {
    private let run: ClusterRun
    private let report: RunReport
    private let leaving: [Departure]
    private let store: MembershipStore
    /// As it was given, for what is to be typed next.
    private let inventory: String
    /// Hosts that are as wanted, or out of the cluster.
    private let well: Set<String>

    init(run: ClusterRun, report: RunReport, change: MembershipChange?, inventory: String) {
        self.run = run
        self.report = report
        self.inventory = inventory
        leaving = change?.departures.leaving ?? []
        store = MembershipStore(directory: run.spec.pki.directory)
        // A host that loses a role has two outcomes.
        well = Set(report.lanes.map(\.host)).subtracting(report.lanes.filter { $0.ending != .asWanted }.map(\.host))
    }

    /// Those that left for good, not only a role.
    private var gone: [Departure] { leaving.filter { $0.isWhole && well.contains($0.name) } }

    /// Hosts that are as wanted are members, hosts that were taken out are not.
    ///
    /// - Parameter machines: Machine-ids of hosts, by name.
    /// - Throws: What keeps the record from being written.
    func remember(_ machines: [String: String]) throws {
        guard report.lockHolder == nil else { return }
        let record = try store.read() ?? MembershipRecord(clusterID: run.clusterID)
        let hosts = run.spec.hosts.filter { well.contains($0.name) }
        var next = record.after(hosts, machines: machines, gone: Set(gone.map(\.name)))
        if hosts.contains(where: { $0.has(.controller) }) { next.encryption = run.spec.features.encryption }
        try store.write(next)
    }

    /// Machines that left are taken down where that was asked for, else it is said how.
    func sayFarewell(tearingDown: Bool, _ console: Console) async throws {
        guard tearingDown, !gone.isEmpty else {
            for departure in gone {
                let offer = LeavingHost(departure, steps: [], inventory: inventory).offer
                console.remark("\(departure.name) is out of the cluster; \(offer)")
            }
            return
        }
        let outcomes = await FormerTeardown(run: run).perform(gone.compactMap { $0.member?.host })
        for entry in TeardownSummary(outcomes: outcomes, inventory: inventory).entries(console) {
            if entry.event == nil { console.note(entry.text) } else { console.problem(entry.text, as: entry.event) }
        }
        let clean = Set(outcomes.filter(\.isClean).map(\.host))
        if let record = try store.read() { try store.write(record.forgetting(clean)) }
        let status = TeardownOutcome.exitStatus(outcomes)
        if report.exitCode == .success, status != .success { throw status.code }
    }
}
