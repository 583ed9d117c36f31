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

    /// What was seen, and whether new hosts were judged: a first run does that before it makes a store, since this
    /// machine's clock dates every certificate.
    func take() async throws -> (run: ClusterRun, observed: [ObservedLane], isJudged: Bool) {
        let isFirst = try isFirst()
        let run = try await prepared(isFirst)
        let observed = await run.executor.observe(run.plan)
        guard isFirst else {
            let (joined, lanes) = await run.joining(observed)
            return (joined, lanes, false)
        }
        do {
            try refuseStrangers(observed, run)
            try await NewHosts(lanes: observed, run: run).check()
        } catch {
            await run.close(observed)
            throw error
        }
        let made = try await run.replanned()
        let again = await made.executor.observeAgain(observed.bound(to: made.plan))
        let (joined, lanes) = await made.joining(again)
        return (joined, lanes, true)
    }

    /// What must be signed elsewhere is asked for in a store, which is made once no host says that it belongs to a cluster.
    private func prepared(_ isFirst: Bool) async throws -> ClusterRun {
        do {
            let request = RunRequest(limit: limit, dryRun: isFirst)
            return try await ClusterRun.prepare("apply", options, console: console, request)
        } catch let waiting as CredentialStoreError where isFirst && waiting.code == .requestsWaiting {
            try await refuseMarked(try LoadedInventory(options.inventory, console: Console(quiet: true)).spec)
            return try await ClusterRun.prepare("apply", options, console: console, RunRequest(limit: limit))
        }
    }

    /// Without a plan, which nobody can make yet.
    private func refuseMarked(_ spec: ClusterSpec) async throws {
        let scripts = HostScripts(connector: HostConnector(spec, options, console))
        let marks = await scripts.gather(spec.hosts) { _ in
            "cat \(MarkerResource.path) 2> /dev/null"
        } read: { host, mark in
            let words = mark.split(separator: " ").joined(separator: " ")
            return words.isEmpty ? nil : "\(host.name) bears the mark \(Sanitised.text(words, limit: 80))"
        }
        try refuse(marks.values.compactMap { try? $0.get() }.sorted(), spec)
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
        try refuse(words, run.spec)
    }

    private func refuse(_ words: [String], _ spec: ClusterSpec) throws {
        guard !words.isEmpty else { return }
        throw CommandFailure(
            "\(spec.pki.directory) holds no cluster, but hosts do; nothing was made or changed\n"
                + words.map { "  \($0)" }.joined(separator: "\n"),
            remedy: "restore the credential store from a back-up, or use that cluster's inventory; "
                + "to give the cluster up without it: provision teardown \(options.inventory), with the UUID that hosts "
                + "bear as --cluster-id",
            status: .refused
        )
    }
}
