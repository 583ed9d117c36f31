import ProvisionCore
import ProvisionEngine

/// Hosts that are not part of the cluster yet are asked whether they can be, before anything changes.
///
/// All are asked, because clocks and identities are compared; only the new ones are judged.
struct NewHosts {
    let lanes: [ObservedLane]
    let run: ClusterRun

    func check() async throws {
        let new = Set(lanes.filter(\.isNew).map(\.lane.host.name))
        guard !new.isEmpty else { return }
        let console = run.context.console
        let gathered = await FactsGathering.gather(lanes, of: run.spec)
        let results = gathered.results(run.spec, clusterID: run.clusterID).filter {
            new.contains($0.host) || $0.id == "host.unique"
        }
        PreflightView(results: results.filter { $0.level != .pass }, showsAll: false).show(console)
        let failures = results.count { $0.level == .failure }
        guard failures == 0 else {
            throw CommandFailure(
                "\(failures) of \(results.count) preflight checks failed; nothing was changed",
                remedy: "mend them, then run again; all checks: provision check INVENTORY",
                status: .preflightFailed
            )
        }
        console.remark("preflight of \(new.count) new hosts: \(results.count) checks, none failed")
    }
}
