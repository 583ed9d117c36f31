import ProvisionCore
import ProvisionEngine
import Templates

/// Hosts that are not part of the cluster yet are asked whether they can be, before anything changes.
///
/// All are asked, because clocks and identities are compared; only the new ones are judged, and this machine's clock. Hosts
/// that a limited run leaves out are asked for just that, and may be out of reach.
struct NewHosts {
    let lanes: [ObservedLane]
    let run: ClusterRun

    func check() async throws {
        let new = Set(lanes.filter(\.isNew).map(\.lane.host.name))
        guard !new.isEmpty else { return }
        let console = run.context.console
        let gathered = await FactsGathering.gather(lanes, of: run.spec)
        let others = await leftOut()
        let results = gathered.results(run.spec, clusterID: run.clusterID, beside: others).filter {
            new.contains($0.host) || ["host.unique", "clock.operator"].contains($0.id)
        }
        PreflightView(results: results.filter { $0.level != .pass }, showsAll: false).show(console)
        let failures = results.count { $0.level == .failure }
        guard failures == 0 else {
            throw CommandFailure(
                "\(failures) of \(counted(results.count, "preflight check")) failed; nothing was changed",
                remedy: "mend them, then run again; all checks: provision check INVENTORY",
                status: .preflightFailed
            )
        }
        let checks = counted(results.count, "check")
        console.remark("preflight of \(counted(new.count, "new host")): \(checks), none failed")
    }

    private func leftOut() async -> [String: HostFacts] {
        let taking = Set(lanes.map(\.lane.host.name))
        let hosts = run.spec.hosts.filter { !taking.contains($0.name) }
        let connector = run.connector
        let gathered = await FactsGathering.gather(hosts, of: run.spec, isComparison: true) {
            host throws(TransportError) in
            HostSession(host: host.name, transport: try await connector.open(host))
        }
        if !gathered.failures.isEmpty {
            let names = gathered.failures.keys.sorted().joined(separator: ", ")
            run.context.console.remark("‼ clocks and ids of new hosts were not compared with \(names): not reached")
        }
        return gathered.facts
    }
}
