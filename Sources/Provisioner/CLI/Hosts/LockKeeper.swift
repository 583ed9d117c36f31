import ProvisionCore
import ProvisionEngine

/// Locks every host that will change before the first change, and gives back only what it took.
struct LockKeeper {
    let owner: HostLock.Owner
    /// Is told which hosts are locked.
    let running: RunningSteps
    private let lock = HostLock()

    init(owner: HostLock.Owner, running: RunningSteps) {
        self.owner = owner
        self.running = running
    }

    /// Takes all locks or none.
    ///
    /// A lock whose process is gone (same machine, no such process, or another boot) is taken over, and one that this run
    /// holds stays its own.
    ///
    /// - Parameter lanes: The hosts.
    /// - Returns: `nil`, or who holds which host, or which did not answer.
    func acquire(on lanes: [ObservedLane]) async -> LockRefusal? {
        var taken: [ObservedLane] = []
        for lane in lanes {
            guard let session = lane.session else { continue }
            let host = lane.lane.host.name
            do {
                switch try await take(session) {
                case .acquired:
                    running.lock(host)
                    taken.append(lane)
                case .held(let holder):
                    await release(on: taken)
                    return .held(host: host, by: holder)
                }
            } catch {
                // Its answer may be what was lost.
                await release(on: taken + [lane])
                return .silent(host: host, error)
            }
        }
        return nil
    }

    private func take(_ session: HostSession) async throws(TransportError) -> HostLock.Answer {
        let first = try await lock.acquire(owner, on: session)
        guard case .held(let holder?) = first else { return first }
        if holder.run == owner.run { return .acquired }
        guard isGone(holder) else { return first }
        _ = try await lock.release(run: holder.run, on: session)
        return try await lock.acquire(owner, on: session)
    }

    private func isGone(_ holder: HostLock.Owner) -> Bool {
        guard holder.machine == owner.machine else { return false }
        return holder.boot != owner.boot || !ProcessTable.isRunning(holder.process)
    }

    func release(on lanes: [ObservedLane]) async {
        for lane in lanes {
            // Where no answer comes, the lock may still be there.
            guard let session = lane.session,
                (try? await lock.release(run: owner.run, on: session)) != nil
            else { continue }
            running.unlock(lane.lane.host.name)
        }
    }
}
