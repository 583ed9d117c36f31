import ProvisionCore
import ProvisionEngine

/// The locks of all hosts from a rotation's first step to its end, gates and soak included.
///
/// A lock lies on its host and needs no connection, so that none is held open for the hours of a soak. A reboot clears it:
/// whatever changes hosts next takes it again, and the soak looks for it now and then.
struct RotationLocks {
    static let verb = "certs-rotate"

    let access: HostAccess

    private var keeper: LockKeeper { access.context.locks(verb: Self.verb) }

    /// Takes all or none; a host that is not reached is left to the step that needs every host.
    ///
    /// - Parameter again: How it goes on later.
    /// - Throws: `CommandFailure` where another run holds a host, or the connection to one was lost.
    func take(again: String) async throws {
        let refusal = await overConnections(to: access.spec.hosts) { await keeper.acquire(on: $0) }
        if let refusal { throw failure(refusal, again: again) }
    }

    /// Takes again what a reboot has cleared, on every host that answers.
    ///
    /// - Returns: Hosts that somebody else holds by now.
    func renew() async -> [LockRefusal] {
        await overConnections(to: access.spec.hosts) { lanes in
            var lost: [LockRefusal] = []
            for lane in lanes {
                if let refusal = await keeper.acquire(on: [lane]), case .held = refusal { lost.append(refusal) }
            }
            return lost
        }
    }

    /// Gives back what this run holds; what stays is named.
    func release() async {
        let held = Set(access.context.running.locked)
        guard !held.isEmpty else { return }
        await overConnections(to: access.spec.hosts.filter { held.contains($0.name) }) { await keeper.release(on: $0) }
        let left = access.context.running.locked
        guard !left.isEmpty else { return }
        access.console.problem(
            "did not answer when the lock was to be given back, and may stay locked: \(left.joined(separator: ", "))",
            remedy: "the next run from this machine takes it over; elsewhere: provision lock release "
                + "--run \(access.context.id) \(access.inventory)"
        )
    }

    private func overConnections<Result>(
        to hosts: [HostSpec],
        _ body: ([ObservedLane]) async -> Result
    ) async -> Result {
        let lanes = await access.open(hosts)
        let result = await body(lanes)
        for lane in lanes { await lane.session?.close() }
        return result
    }

    private func failure(_ refusal: LockRefusal, again: String) -> CommandFailure {
        switch refusal {
        case .held:
            CommandFailure(
                "locked: \(refusal)",
                remedy: "wait for it; if it is gone: provision lock release --run RUN \(access.inventory); "
                    + "then: \(again)",
                status: .lockHeld
            )
        case .silent(_, let error):
            CommandFailure("\(refusal)", remedy: "\(error.remedy); then: \(again)", status: .refused)
        }
    }
}

extension RotationRun {
    var locks: RotationLocks { RotationLocks(access: HostAccess(run, inventory: inventory)) }

    /// Does everything that it is to do while no other run changes a host.
    ///
    /// - Parameter steps: What is done; whatever ends them, the locks are given back.
    /// - Throws: What the steps throw; `CommandFailure` where a host cannot be locked.
    func underLocks(_ steps: () async throws -> Void) async throws {
        try await placed { try await locks.take(again: gates.again) }
        do { try await steps() } catch {
            await locks.release()
            throw error
        }
        await locks.release()
    }
}
