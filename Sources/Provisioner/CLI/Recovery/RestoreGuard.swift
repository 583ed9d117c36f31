import ProvisionCore
import ProvisionEngine

/// What must hold of all hosts before anything on them stops.
struct RestoreGuard {
    let run: ClusterRun
    let observed: [ObservedLane]

    func check() async throws {
        if let lane = observed.first(where: { $0.failure != nil }), let failure = lane.failure {
            throw CommandFailure(
                "\(lane.lane.host.name) was not reached; a restore needs every host, since whoever watched the old state "
                    + "must start anew: \(failure.summary)",
                remedy: failure.remedy,
                status: .failed
            )
        }
        // A member that lost its data is what a restore is for.
        for lane in observed {
            for (resource, verdict) in zip(lane.lane.resources, lane.verdicts) {
                guard !(resource is EtcdBootstrapResource), case .refused(let why, let remedy) = verdict else {
                    continue
                }
                throw CommandFailure("\(lane.lane.host.name): \(why)", remedy: remedy, status: .refused)
            }
        }
        try await NewHosts(lanes: observed, run: run).check()
    }
}
