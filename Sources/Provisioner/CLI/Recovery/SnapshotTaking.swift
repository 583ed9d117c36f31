import ProvisionCore
import ProvisionEngine

/// Takes a snapshot on the best member and brings it here; nothing stays on the host.
struct SnapshotTaking {
    let access: HostAccess

    /// What was taken, and where.
    struct Taken: Sendable {
        var host: String
        var snapshot: HostSnapshot
    }

    func take(to path: String) async throws -> Taken {
        let overview = await EtcdSurvey.take(access)
        guard let member = overview.snapshotSource,
            let host = access.spec.hosts.first(where: { $0.name == member.host })
        else {
            throw CommandFailure(
                "no etcd member is healthy: \(overview.words)",
                remedy:
                    "from what one member still holds: provision etcd restore --from-member HOST \(access.inventory)",
                status: .gateFailed
            )
        }
        try access.stopRequest.check("no snapshot was taken", remedy: "run the same command again")
        return try await take(on: host, to: path)
    }

    private func take(on host: HostSpec, to path: String) async throws -> Taken {
        let scripts = EtcdScripts(host: host, dataDirectory: access.spec.etcd.dataDirectory)
        let session = try await access.session(on: host)
        do {
            let script = scripts.snapshot(named: "fetch-\(access.context.id)", stays: false)
            let snapshot = try await Self.save(script, over: session)
            try await Self.bring(snapshot, over: session, to: path, scripts, access.stopRequest)
            await session.close()
            return Taken(host: host.name, snapshot: snapshot)
        } catch {
            await session.close()
            throw error
        }
    }

    /// Runs a script that leaves a snapshot on the host, and reads what it says.
    static func save(_ script: String, over session: HostSession) async throws -> HostSnapshot {
        let answer = try await session.require(
            script,
            attempted: "save a snapshot",
            remedy: "mend what it says, then run again",
            seconds: 900
        )
        guard let snapshot = HostSnapshot(answer: answer) else {
            throw CommandFailure(
                "\(session.host): the answer about the snapshot cannot be read: \(Sanitised.text(answer, limit: 600))",
                remedy: "look at etcdctl snapshot status there",
                status: .failed
            )
        }
        return snapshot
    }

    /// Brings it here; it does not stay on the host, however that ends.
    ///
    /// - Parameters:
    ///   - snapshot: What lies on the host.
    ///   - session: The host.
    ///   - path: Where it goes.
    ///   - scripts: What removes it.
    ///   - stopRequest: Is asked before every piece.
    /// - Throws: `CommandFailure`, `TransportError`.
    @inline(never)  // Swift 6.3's optimiser crashes in whoever has it inlined.
    static func bring(
        _ snapshot: HostSnapshot,
        over session: HostSession,
        to path: String,
        _ scripts: EtcdScripts,
        _ stopRequest: StopRequest
    ) async throws {
        let transfer = SnapshotTransfer(session: session, snapshot: snapshot, stopRequest: stopRequest)
        do { try await transfer.fetch(to: path) } catch {
            _ = try? await session.run(scripts.remove(snapshot))
            throw error
        }
        _ = try await session.run(scripts.remove(snapshot))
    }
}
