import ProvisionCore
import ProvisionEngine

/// Takes hosts out of the cluster and down under the locks of all that go, and of the members of etcd that stay.
///
/// Of two runs that each take one member, both would else be told that the other one is healthy.
struct LockedTeardown {
    let run: ClusterRun
    let engine: TeardownEngine
    /// Where the cluster goes on, and answers.
    let departure: HostDeparture?
    /// Where nobody takes members out of etcd first.
    let etcd: EtcdLossGuard?
    let inventory: String

    /// Does it; where etcd would lose too much by now, nothing is done.
    ///
    /// - Parameters:
    ///   - hosts: All that were surveyed.
    ///   - working: Those of them where there is something to do.
    ///   - strangers: Hosts that are not this cluster's.
    /// - Returns: How it ended on all of them.
    /// - Throws: `CommandFailure` with the reason, `ExitCode` where a host is locked.
    func perform(
        _ hosts: [SurveyedHost],
        working: [SurveyedHost],
        except strangers: Set<String>
    ) async throws -> [TeardownOutcome] {
        let staying = await etcd?.staying(beside: working.map(\.subject.lane.host), except: strangers) ?? []
        do {
            let outcomes = try await locked(hosts, working, staying, except: strangers)
            await run.close(staying)
            return outcomes
        } catch {
            await run.close(staying)
            throw error
        }
    }

    private func locked(
        _ hosts: [SurveyedHost],
        _ working: [SurveyedHost],
        _ staying: [ObservedLane],
        except strangers: Set<String>
    ) async throws -> [TeardownOutcome] {
        // In the same order for everybody, so that one of two runs gets them all.
        let lanes = (working.map(\.observed) + staying + (departure?.staying ?? [])).sorted {
            $0.lane.host.name < $1.lane.host.name
        }
        let locks = run.context.locks(verb: "teardown")
        if let holder = await locks.acquire(on: lanes) {
            run.context.console.problem(
                "locked: \(holder)",
                remedy: "wait for it, or: provision lock status \(inventory)"
            )
            throw ExitStatus.lockHeld.code
        }
        do {
            // Others may have changed the members while the question waited for its answer.
            try await etcd?.check(working.map(\.subject.lane.host))
            try await departure?.perform(except: strangers)
        } catch {
            await locks.release(on: lanes)
            throw error
        }
        let outcomes = await engine.run(hosts)
        await locks.release(on: lanes)
        return outcomes
    }
}
