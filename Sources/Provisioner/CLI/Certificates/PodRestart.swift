import Foundation
import ProvisionCore
import ProvisionEngine

/// Lets pods start again by a mark on their workloads' templates, and waits as long as some are still being replaced.
///
/// What has the mark already is not restarted once more, so that a step that is done again goes on where it stopped.
struct PodRestart {
    /// Opens the controller from which objects are changed.
    let open: () async throws -> HostSession
    /// Another one for each change of what pods must read anew.
    let mark: String
    let remedy: String
    let tell: (String) -> Void
    /// Asked between two looks; throws where it is to stop.
    let goesOn: () throws -> Void

    /// Restarts what kube-system runs, DNS first.
    ///
    /// - Returns: Workloads whose pods only a person can restart, and that have some left.
    /// - Throws: `CommandFailure` where a roll-out is stuck; `TransportError`.
    func system() async throws -> [WorkloadRollout] {
        var seen: [WorkloadRollout] = []
        for workloads in RotationScripts.Workloads.ofSystem {
            seen += try await connected { try await settled(workloads, over: $0) }
        }
        nameUnmarked(seen)
        return seen.filter { $0.errand != nil }
    }

    /// Restarts what other namespaces run, one workload after another; what only a person can restart is named.
    func others() async throws {
        let all = try await connected { try await rollouts(.all, over: $0) }
        for workload in all where workload.namespace != "kube-system" {
            guard workload.mark != mark || !workload.isDone else { continue }
            try goesOn()
            let seen = try await connected { try await settled(.one(workload), over: $0) }
            let errands = seen.compactMap(\.errand)
            errands.forEach { tell("‼ not restarted: \($0)") }
            if errands.isEmpty { tell("restarted \(workload.namespace)/\(workload.name)") }
            nameUnmarked(seen)
        }
    }

    /// An owner that puts its own template back may have done so before any pod was replaced.
    private func nameUnmarked(_ rollouts: [WorkloadRollout]) {
        for rollout in rollouts where rollout.mark != mark {
            tell("‼ \(rollout.title): its owner took provision's mark away; see that its pods have restarted")
        }
    }

    private func settled(
        _ workloads: RotationScripts.Workloads,
        over session: HostSession
    ) async throws -> [WorkloadRollout] {
        try await session.require(
            RotationScripts.restart(workloads, mark: mark),
            attempted: "restart pods",
            remedy: remedy,
            seconds: 1200
        )
        let start = ContinuousClock.now
        var watch = RolloutWatch()
        while true {
            let seen = try await rollouts(workloads, over: session)
            let look = watch.look(at: seen, second: start.elapsedMilliseconds / 1000)
            if !look.stuck.isEmpty { throw stuck(look.stuck) }
            if look.going.isEmpty { return seen }
            try goesOn()
            try await Task.sleep(for: .seconds(2))
        }
    }

    private func stuck(_ rollouts: [WorkloadRollout]) -> CommandFailure {
        let words = rollouts.prefix(3).map(\.account).joined(separator: "; ")
        return CommandFailure(
            "nothing has moved for \(RolloutWatch.patience) s: \(words)",
            remedy: "see why: kubectl -n \(rollouts.first?.namespace ?? "kube-system") get pods; \(remedy)",
            status: .gateFailed
        )
    }

    private func rollouts(
        _ workloads: RotationScripts.Workloads,
        over session: HostSession
    ) async throws -> [WorkloadRollout] {
        let words = try await session.require(
            RotationScripts.rollouts(workloads),
            attempted: "see how far pods have restarted",
            remedy: remedy
        )
        return WorkloadRollout.all(in: words)
    }

    /// One connection for all looks of a roll-out.
    private func connected(
        _ body: (HostSession) async throws -> [WorkloadRollout]
    ) async throws -> [WorkloadRollout] {
        let session = try await open()
        do {
            let found = try await body(session)
            await session.close()
            return found
        } catch {
            await session.close()
            throw error
        }
    }
}
