import PKI
import ProvisionCore
import ProvisionEngine

/// What `apply` sees before it makes anything, here or there.
///
/// Where the store holds no cluster yet its authorities are only made in memory until every host has been asked: a lost
/// store must not be replaced by a new one under the eyes of a cluster that still stands.
struct FirstLook {
    let options: InventoryOptions
    let limit: [String]
    let console: Console

    func take() async throws -> (ClusterRun, [ObservedLane]) {
        let isFirst = try isFirst()
        let run = try await ClusterRun.prepare("apply", options, console: console, limit: limit, dryRun: isFirst)
        let observed = await run.executor.observe(run.plan)
        guard isFirst else { return await run.joining(observed) }
        do { try refuseStrangers(observed, run) } catch {
            await run.close(observed)
            throw error
        }
        let made = try await run.replanned()
        return await made.joining(await made.executor.observeAgain(observed.bound(to: made.plan)))
    }

    private func isFirst() throws -> Bool {
        let inventory = try LoadedInventory(options.inventory, console: Console(quiet: true))
        return try Materials(spec: inventory.spec, console: console, places: Places()).store(dryRun: true)
            .existingClusterID() == nil
    }

    private func refuseStrangers(_ observed: [ObservedLane], _ run: ClusterRun) throws {
        let words = observed.flatMap { lane in
            zip(lane.lane.resources, lane.verdicts).compactMap { resource, verdict -> String? in
                guard resource is MarkerResource, case .refused(let why, _) = verdict else { return nil }
                return why
            }
        }
        guard !words.isEmpty else { return }
        throw CommandFailure(
            "\(run.spec.pki.directory) holds no cluster, but hosts do; nothing was made or changed\n"
                + words.map { "  \($0)" }.joined(separator: "\n"),
            remedy: "restore the credential store from a back-up, or use that cluster's inventory; "
                + "to give the cluster up without it: provision teardown \(options.inventory), with the UUID that hosts "
                + "bear as --cluster-id",
            status: .refused
        )
    }
}
