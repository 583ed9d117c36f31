import ArgumentParser
import Foundation
import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import SystemPackage
import Templates

/// Puts a cluster's state back on all of its etcd hosts, and starts everything that watched the state anew.
///
/// Hosts get their files first, nothing that runs; then everything stands still, each member gets a data directory of its
/// own from the one snapshot, and `apply` starts what belongs on the hosts, in its own order and with its own proofs.
struct RestoreRun {
    let verb: String
    let source: RestoreSource
    let options: InventoryOptions
    let confirmation: NameConfirmation
    let isPlan: Bool
    let console: Console
    let place: Workplace
    /// What has to be here before hosts are looked at: the credential store of a back-up.
    var ground = RestoreGround()

    private let time = FileTime.now()

    init(
        verb: String,
        source: RestoreSource,
        options: InventoryOptions,
        confirmation: NameConfirmation,
        isPlan: Bool,
        console: Console,
        place: Workplace
    ) {
        self.verb = verb
        self.source = source
        self.options = options
        self.confirmation = confirmation
        self.isPlan = isPlan
        self.console = console
        self.place = place
    }

    func perform(_ access: HostAccess) async throws {
        let overview = await EtcdSurvey.take(access)
        try view(access.spec, overview).forEach(console.result)
        let silent = overview.members.filter { $0.failure != nil }
        guard silent.isEmpty else {
            throw CommandFailure(
                "\(silent.map(\.host).joined(separator: ", ")) cannot be reached: a member that comes back with its old "
                    + "data would break the restored cluster",
                remedy: "bring it back, or take it out of the inventory",
                status: .refused
            )
        }
        if isPlan { return }
        try confirmation.ask("to put its state back")
        try ground.prepare()
        let run = try await ClusterRun.prepare(
            verb,
            options,
            console: console,
            RunRequest(restores: true, context: access.context)
        )
        let observed = await run.executor.observe(run.plan)
        do {
            try await RestoreGuard(run: run, observed: observed).check()
            let report = try await locked(run, observed)
            await run.close(observed)
            try await finish(run, report, overview)
        } catch {
            await run.close(observed)
            throw error
        }
    }

    /// What will be done, before anybody is asked.
    private func view(_ spec: ClusterSpec, _ overview: EtcdOverview) throws -> [String] {
        var steps = ground.words
        steps.append("files and certificates as apply would put them: \(Self.names(spec, .etcd))")
        steps += RestorePhase.allCases.map { "\($0.words): \(Self.names(spec, $0))" }
        steps.append("old data kept as \(spec.etcd.dataDirectory)/member.before-\(time): \(Self.names(spec, .etcd))")
        let members = spec.hosts(.etcd).map { "\($0.nodeName)=https://\($0.internalAddress):2380" }
        steps.append("each member restored under its own name and address: \(members.joined(separator: " "))")
        steps.append(
            "started again by apply, in order: etcd, API servers, control loops, nodes' agents; pods of kube-system anew"
        )
        let forgotten = try record(spec)?.unknown(to: spec.hosts) ?? []
        if !forgotten.isEmpty {
            steps.append("not in the inventory, so forgotten and left as they are: \(forgotten.joined(separator: " "))")
        }
        let loss = source.loss(overview)?.words ?? "nobody says which revision that is"
        return ["now     \(overview.words)", "from    \(source.words)", "lost    \(loss)"] + steps.numbered
    }

    private func record(_ spec: ClusterSpec) throws -> MembershipRecord? {
        try ground.record ?? MembershipStore(directory: spec.pki.directory).read()
    }

    private static func names(_ spec: ClusterSpec, _ phase: RestorePhase) -> String {
        spec.hosts.filter(phase.concerns).map(\.name).joined(separator: " ")
    }

    private func locked(_ run: ClusterRun, _ observed: [ObservedLane]) async throws -> RunReport {
        let locks = run.context.locks(verb: verb)
        if let holder = await locks.acquire(on: observed) {
            throw CommandFailure(
                "locked: \(holder)",
                remedy: "wait for it, or: provision lock status \(options.inventory)",
                status: .lockHeld
            )
        }
        do {
            try RestoredMembers(spec: run.spec).remember(EtcdMembership.machines(observed))
            let work = RestoreWork(
                run: run,
                observed: observed,
                source: source,
                place: place,
                time: time,
                inventory: options.inventory
            )
            let lanes = try await work.perform()
            await locks.release(on: observed)
            return RunReport(lanes: lanes)
        } catch {
            await locks.release(on: observed)
            throw error
        }
    }

    private func finish(_ run: ClusterRun, _ report: RunReport, _ before: EtcdOverview) async throws {
        RunSummary(report: report).show(console)
        run.conclude(report)
        guard report.isAsWanted else {
            throw CommandFailure(
                "etcd's state is back, and not everything started on it",
                remedy: "mend what it says, then: provision apply \(options.inventory)",
                status: report.exitCode
            )
        }
        try run.context.stopRequest.check(
            "etcd's state is back and everything is started; pods of kube-system that watch were not started anew",
            remedy: "\(RestoreAftercare.restart); then: provision status \(options.inventory)"
        )
        let access = HostAccess(run, inventory: options.inventory)
        let after = await EtcdSurvey.take(access)
        console.result("√ \(after.words), revision \(after.revision ?? 0)")
        if let loss = source.loss(before) { console.result("lost    \(loss.words)") }
        try await RestoreAftercare(access: access).perform(console)
        console.note("next    provision status \(options.inventory)\n        provision smoke-test \(options.inventory)")
        if !after.isWell { throw ExitStatus.gateFailed.code }
    }
}

/// What a back-up brings to this machine before hosts are looked at.
struct RestoreGround {
    var words: [String] = []
    /// Whom the archived store remembers, where it is put in place.
    var record: MembershipRecord?
    var prepare: () throws -> Void = {}
}

extension [String] {
    /// As the steps of what would be done, beside words of eight columns.
    var numbered: [String] { enumerated().map { index, step in "\(index + 1).".padding(to: 8) + step } }
}
