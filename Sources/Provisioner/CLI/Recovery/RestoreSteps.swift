import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import SystemPackage
import Templates

/// What a restore does to hosts that are all reached and locked, until the new data is in the place of the old.
///
/// Whatever ends it before that leaves the old data in place, and takes away what was made beside it.
struct RestoreSteps {
    let members: [EtcdRestore]
    let standstill: RestoreStandstill
    let stopRequest: StopRequest

    private var console: Console { standstill.console }
    private var again: String { standstill.again }

    /// Makes the new data beside the old, and everything stand still.
    ///
    /// Once it returns only a second signal stops the run: a cluster whose data was swapped must be started.
    ///
    /// - Parameters:
    ///   - source: Where the data comes from.
    ///   - path: Where a survivor's database file is put on its way.
    /// - Throws: `CommandFailure`; after an interrupt what was stopped was started again.
    func makeReady(_ source: RestoreSource, by path: String) async throws {
        var halted: [RestoreStandstill.Halt] = []
        do {
            switch source {
            case .file(let snapshot, _, _):
                try await send(snapshot, skipsHashCheck: false)
                try await standStill(&halted)
            case .member(let host):
                try await standStill(&halted)
                try await fetchDatabase(of: host, to: path)
                try await send(path, skipsHashCheck: true)
            }
            if !stopRequest.hold(Self.patience) { try checkpoint() }
        } catch {
            await abandon()
            throw await ended(error, halted)
        }
    }

    private static let patience = "not now: etcd's data is being swapped; the run stops once everything is started"

    /// Puts the new data in the place of the old.
    func swap() async throws {
        for restore in members {
            let answer = try await standstill.session(restore.member.host).step(
                restore.swap,
                attempted: "put the new data in place",
                remedy: "run the same command again; old data is kept beside the new"
            )
            let kept = answer.split(separator: "\n").first { $0.hasPrefix("kept ") }.map { ", \($0)" } ?? ""
            console.note("\(restore.member.host)  data restored\(kept)")
        }
    }

    /// Between two steps; `ended` says what there is.
    private func checkpoint() throws { try stopRequest.check("no data was swapped", remedy: again) }

    private func send(_ path: String, skipsHashCheck: Bool) async throws {
        let hash = try FileHasher.hash(FilePath(path))
        let upload = Action.Upload(localPath: path, size: Int(hash.size), sha256: hash.sha256)
        for restore in members {
            try checkpoint()
            let session = try standstill.session(restore.member.host)
            let untouched = "the old data was not touched; \(again)"
            do { try await receive(restore.send(upload), from: path, session) } catch {
                throw LostStep.named(error, in: "send the snapshot", remedy: untouched)
            }
            try await session.step(
                restore.prepare(skipsHashCheck: skipsHashCheck),
                attempted: "restore the snapshot beside the old data",
                remedy: untouched,
                seconds: 900
            )
            console.note("\(restore.member.host)  new data is ready beside the old")
        }
    }

    private func receive(_ action: Action, from path: String, _ session: HostSession) async throws {
        guard let words = try await session.upload(action, from: path) else { return }
        throw CommandFailure(
            "\(session.host): the snapshot was not received: \(Sanitised.text(words, limit: 400))",
            remedy: "mend what it says, then run the same command again; etcd's data was not touched",
            status: .failed
        )
    }

    /// Watchers, API servers, etcd: each kind on all of its hosts before the next.
    private func standStill(_ halted: inout [RestoreStandstill.Halt]) async throws {
        for phase in RestorePhase.allCases {
            try checkpoint()
            halted += try await standstill.halt(phase)
        }
    }

    /// The survivor's own file; its etcd has stopped, so that everything it knew is in it.
    private func fetchDatabase(of host: HostSpec, to path: String) async throws {
        try checkpoint()
        do { try await takeDatabase(of: host, to: path) } catch {
            throw LostStep.named(error, in: "fetch its database file", remedy: "no data was changed; \(again)")
        }
    }

    private func takeDatabase(of host: HostSpec, to path: String) async throws {
        let scripts = EtcdScripts(host: host, dataDirectory: standstill.spec.etcd.dataDirectory)
        let session = try standstill.session(host.name)
        let script = scripts.copyOfDatabase(named: "survivor-\(members.first?.time ?? "")")
        let snapshot = try await SnapshotTaking.save(script, over: session)
        try await SnapshotTaking.bring(snapshot, over: session, to: path, scripts, stopRequest)
        let content = "revision \(snapshot.content.revision), \(ByteCount.text(snapshot.size))"
        console.note("\(host.name)  gives \(content)")
    }

    private func abandon() async {
        for restore in members {
            _ = try? await standstill.session(restore.member.host).run(restore.abandon)
        }
    }

    /// What ended it, in full: nobody is there after an interrupt who would start what was stopped.
    private func ended(_ error: any Error, _ halted: [RestoreStandstill.Halt]) async -> any Error {
        guard (error as? CommandFailure)?.status == .interrupted else { return error }
        let hosts = Set(halted.filter { !$0.units.isEmpty }.map(\.host)).sorted()
        if !hosts.isEmpty { console.note("starting again what was stopped on \(hosts.joined(separator: ", "))") }
        return Self.interruption(hosts, lacking: await standstill.startAgain(halted), standstill.inventory)
    }

    private static func interruption(
        _ hosts: [String],
        lacking failures: [String],
        _ inventory: String
    ) -> CommandFailure {
        guard failures.isEmpty else {
            let words = failures.joined(separator: "; ")
            return CommandFailure(
                "stopped: no data was swapped, and not everything that had stopped was started again: \(words)",
                remedy: "provision apply \(inventory) starts it",
                status: .gateFailed
            )
        }
        guard !hosts.isEmpty else {
            return CommandFailure(
                "stopped: no data was swapped, and nothing was stopped on any host",
                remedy: "run the same command again",
                status: .interrupted
            )
        }
        return CommandFailure(
            "stopped: no data was swapped, and what had stopped was started again on \(hosts.joined(separator: ", "))",
            remedy: "see that it is well: provision status \(inventory); then run the same command again",
            status: .interrupted
        )
    }
}
