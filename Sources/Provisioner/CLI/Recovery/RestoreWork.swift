import ArgumentParser
import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import SystemPackage
import Templates

/// The part of a restore that changes hosts, over open sessions and under all locks.
struct RestoreWork {
    let run: ClusterRun
    let observed: [ObservedLane]
    let source: RestoreSource
    let place: Workplace
    let time: String

    private var console: Console { run.context.console }

    /// - Returns: How the closing apply ended.
    /// - Throws: `CommandFailure` that says how far it came.
    func perform() async throws -> [LaneOutcome] {
        let members = try members()
        try await layGround()
        switch source {
        case .file(let path, _, _):
            try await send(path, to: members)
            try await standStill(abandoning: members)
        case .member(let host):
            try await standStill(abandoning: members)
            try await send(try await fetchDatabase(of: host), to: members)
        }
        for restore in members {
            let answer = try await session(restore.member.host).require(
                restore.swap,
                attempted: "put the new data in place",
                remedy: "run the same command again; old data is kept beside the new"
            )
            let kept = answer.split(separator: "\n").first { $0.hasPrefix("kept ") }.map { ", \($0)" } ?? ""
            console.note("\(restore.member.host)  data restored\(kept)")
        }
        run.context.record("etcd's data was replaced on \(members.map(\.member.host).joined(separator: ", "))")
        return await run.executor.apply(await run.executor.observeAgain(observed), plan: run.plan)
    }

    private func members() throws -> [EtcdRestore] {
        try run.plan.lanes.filter { $0.host.has(.etcd) }.map { lane in
            guard let member = EtcdRestore.Member(lane: lane) else {
                throw CommandFailure(
                    "\(lane.host.name): its etcd unit lacks what a restore needs, or keeps its log elsewhere (--wal-dir)",
                    remedy: "take --wal-dir out of extraFlags, or restore by hand with etcdctl",
                    status: .refused
                )
            }
            return EtcdRestore(member: member, clusterID: run.clusterID, time: time)
        }
    }

    private func session(_ host: String) throws -> HostSession {
        guard let session = observed.first(where: { $0.lane.host.name == host })?.session else {
            throw CommandFailure(
                "\(host): its connection is gone",
                remedy: "run the same command again",
                status: .stateUnknown
            )
        }
        return session
    }

    /// Everything up to etcd's unit, nothing that runs; no change on hosts that are as wanted.
    private func layGround() async throws {
        let plan = run.plan.etcdGround
        let lanes = plan.lanes.map { lane in
            var observedLane = ObservedLane(lane.host)
            observedLane.lane = lane
            observedLane.session = observed.first { $0.lane.host.name == lane.host.name }?.session
            return observedLane
        }
        let again = await run.executor.observeAgain(lanes)
        guard again.contains(where: { !$0.isSame }) else { return }
        let report = RunReport(lanes: await run.executor.apply(again, plan: plan))
        guard report.isAsWanted else {
            RunSummary(report: report).show(console)
            throw CommandFailure(
                "etcd's hosts did not get their files; etcd's data was not touched",
                remedy: "mend what it says, then run the same command again",
                status: report.exitCode
            )
        }
    }

    private func send(_ path: String, to members: [EtcdRestore]) async throws {
        let hash = try FileHasher.hash(FilePath(path))
        let upload = Action.Upload(localPath: path, size: Int(hash.size), sha256: hash.sha256)
        for restore in members {
            let session = try session(restore.member.host)
            if let words = try await session.upload(restore.send(upload), from: path) {
                throw CommandFailure(
                    "\(restore.member.host): the snapshot was not received: \(Sanitised.text(words, limit: 400))",
                    remedy: "mend what it says, then run the same command again; etcd's data was not touched",
                    status: .failed
                )
            }
            try await session.require(
                restore.prepare(skipsHashCheck: source.isMember),
                attempted: "restore the snapshot beside the old data",
                remedy: "the old data was not touched; \(again)",
                seconds: 900
            )
            console.note("\(restore.member.host)  new data is ready beside the old")
        }
    }

    private var again: String {
        "what was stopped starts with provision apply INVENTORY; or run the same command again"
    }

    /// Watchers, API servers, etcd: each kind on all of its hosts before the next.
    private func standStill(abandoning members: [EtcdRestore]) async throws {
        for phase in RestorePhase.allCases {
            let hosts = run.spec.hosts.filter(phase.concerns)
            let failures = await withTaskGroup(of: (any Error)?.self) { group in
                for host in hosts {
                    group.addTask {
                        do {
                            try await session(host.name).require(
                                phase.script(clusterID: run.clusterID),
                                attempted: "stop \(phase.units.joined(separator: ", "))",
                                remedy: "no data was changed; \(again)",
                                seconds: 360
                            )
                            return nil
                        } catch { return error }
                    }
                }
                return await group.reduce(into: [any Error]()) { if let error = $1 { $0.append(error) } }
            }
            if let failure = failures.first {
                for restore in members { _ = try? await session(restore.member.host).run(restore.abandon) }
                throw failure
            }
            console.note("\(phase.words) on \(hosts.map(\.name).joined(separator: ", "))")
        }
    }

    /// The survivor's own file; its etcd has stopped, so that everything it knew is in it.
    private func fetchDatabase(of host: HostSpec) async throws -> String {
        let access = HostAccess(run, inventory: "INVENTORY")
        let scripts = EtcdScripts(host: host, dataDirectory: run.spec.etcd.dataDirectory)
        let session = try session(host.name)
        let script = scripts.copyOfDatabase(named: "survivor-\(time)")
        let snapshot = try await SnapshotTaking(access: access).save(script, over: session)
        let path = place.file("survivor.db")
        try await SnapshotTransfer(session: session, snapshot: snapshot).fetch(to: path)
        _ = try await session.run(scripts.remove(snapshot))
        console.note("\(host.name)  gives revision \(snapshot.content.revision), \(ByteCount.text(snapshot.size))")
        return path
    }
}
