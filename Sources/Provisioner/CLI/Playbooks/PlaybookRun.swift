import ArgumentParser
import Foundation
import ProvisionCore
import ProvisionEngine
import Templates

/// One playbook over one cluster: asked, planned, locked, run, reported.
struct PlaybookRun {
    let loaded: LoadedPlaybook
    let run: ClusterRun
    let console: Console
    let places: Places
    /// Where a collected archive goes.
    let archive: SupportArchive?
    private let progress: PlaybookProgress

    /// A collected archive goes to `archivePath`, by default `support-CLUSTER-RUN.tar` in the working directory.
    init(_ loaded: LoadedPlaybook, _ run: ClusterRun, console: Console, archivePath: String? = nil) throws {
        self.loaded = loaded
        self.run = run
        self.console = console
        places = Places()
        progress = PlaybookProgress(
            directory: places.state + "/playbooks",
            name: "\(run.clusterID)-\(loaded.playbook.name)",
            run: run.context.id
        )
        let collects = loaded.playbook.steps.contains { if case .collect = $0.kind { true } else { false } }
        archive =
            collects
            ? SupportArchive(
                path: Places.absolute(archivePath ?? "support-\(run.spec.name)-\(run.context.id).tar"),
                redaction: try SupportArchive.redaction(run.spec)
            ) : nil
    }

    /// The playbook's hosts, or those of them that are wanted.
    func hosts(limit: Set<String>?) throws -> [HostSpec] {
        if let unknown = loaded.playbook.unknownHosts(in: run.spec).first {
            let names = run.spec.hosts.map(\.name)
            let near = NearestName.of(unknown, among: names).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure(
                "\(loaded.path): the inventory has no host \(unknown)\(near)",
                remedy: "hosts are \(names.joined(separator: ", "))",
                status: .inventoryInvalid
            )
        }
        return loaded.playbook.hosts(of: run.spec).filter { limit?.contains($0.name) ?? true }
    }

    private var planner: PlaybookPlanner {
        PlaybookPlanner(
            spec: run.spec,
            playbook: loaded.playbook,
            plan: run.plan,
            token: progress.token,
            sources: loaded.sources
        )
    }

    private var runner: PlaybookRunner {
        let locks = run.context.locks(verb: "run")
        let archive = archive
        return PlaybookRunner(
            executor: run.executor,
            connect: { host throws(TransportError) in try await run.connector.open(host) },
            isInterrupted: { run.context.isInterrupted },
            report: run.context.report,
            cluster: run.spec.name,
            hooks: PlaybookRunner.Hooks(
                relock: { await locks.acquire(on: [$0])?.description },
                receive: { host, items in await archive?.add(host, items) }
            )
        )
    }

    /// Asks every host; waves in the playbook's order.
    func observe(_ hosts: [HostSpec]) async -> [[ObservedTurn]] {
        let waves = planner.waves(hosts)
        var observed = await runner.observe(waves.flatMap(\.self))[...]
        return waves.map { wave in
            defer { observed = observed.dropFirst(wave.count) }
            return Array(observed.prefix(wave.count))
        }
    }

    /// Locks the hosts, runs every wave, gives the locks back.
    ///
    /// Where nothing changes and nothing is collected, no host is locked.
    func execute(_ waves: [[ObservedTurn]]) async -> RunReport {
        let turns = waves.flatMap(\.self)
        guard archive != nil || turns.contains(where: { !$0.isSame }) else {
            for turn in turns { await turn.session?.close() }
            return RunReport(lanes: turns.map { LaneOutcome(host: $0.host, ending: .asWanted, done: []) })
        }
        if progress.isContinued { console.note("goes on with the run \(progress.token)") }
        let locks = run.context.locks(verb: "run")
        // What only reads needs no lock, and must work while another run hangs.
        let locked = loaded.playbook.onlyCollects ? [] : turns.map(\.view)
        if let holder = await locks.acquire(on: locked) {
            for turn in turns { await turn.session?.close() }
            return RunReport(lanes: [], lockHolder: holder.description)
        }
        progress.begin()
        let ended = await runner.run(waves)
        if !loaded.playbook.onlyCollects { await locks.release(on: ended.lanes) }
        for lane in ended.lanes { await lane.session?.close() }
        for host in ended.cordoned { explain(host) }
        let report = RunReport(lanes: ended.outcomes)
        if report.isAsWanted { progress.end() }
        await archive?.close()
        return report
    }

    /// A node is never left cordoned without a word.
    private func explain(_ host: String) {
        let node = run.spec.hosts.first { $0.name == host }?.nodeName ?? host
        console.problem(
            """
            ‼ \(node) is cordoned by playbook \(loaded.playbook.name), which did not come to its end there
              try  mend what failed and run the same command again: it goes on where it stopped and uncordons
                   or give the node back: kubectl uncordon \(node)
            """
        )
    }
}
