import ProvisionCore
import ProvisionEngine

/// Stops who watches etcd's past, and starts them again where the restore is given up.
struct RestoreStandstill {
    let spec: ClusterSpec
    let clusterID: String
    let sessions: [String: HostSession]
    let inventory: String
    let console: Console

    /// Units of a host that ran and were stopped.
    struct Halt: Sendable {
        var host: String
        var phase: RestorePhase
        var units: [String]
    }

    /// - Throws: `CommandFailure` with exit status 7 where the connection is gone.
    func session(_ host: String) throws -> HostSession {
        guard let session = sessions[host] else {
            throw CommandFailure(
                "\(host): its connection is gone",
                remedy: "run the same command again",
                status: .stateUnknown
            )
        }
        return session
    }

    /// How the cluster gets going again where nobody here can start it.
    var again: String {
        "what was stopped starts with provision apply \(inventory); or run the same command again"
    }

    /// Stops one kind on all of its hosts, side by side.
    func halt(_ phase: RestorePhase) async throws -> [Halt] {
        let hosts = spec.hosts.filter(phase.concerns).map(\.name)
        let answers = await withTaskGroup(of: Result<Halt, any Error>.self) { group in
            for host in hosts { group.addTask { await halt(phase, on: host) } }
            return await group.reduce(into: [Result<Halt, any Error>]()) { $0.append($1) }
        }
        if let failure = LostStep.first(of: answers.compactMap(Self.failure)) { throw failure }
        console.note("\(phase.words) on \(hosts.joined(separator: ", "))")
        return answers.compactMap { try? $0.get() }
    }

    private func halt(_ phase: RestorePhase, on host: String) async -> Result<Halt, any Error> {
        do {
            let answer = try await session(host).step(
                phase.script(clusterID: clusterID),
                attempted: "stop \(phase.units.joined(separator: ", "))",
                remedy: "no data was changed; \(again)",
                seconds: 360
            )
            return .success(Halt(host: host, phase: phase, units: RestorePhase.stopped(answer)))
        } catch { return .failure(error) }
    }

    private static func failure(_ answer: Result<Halt, any Error>) -> (any Error)? {
        guard case .failure(let error) = answer else { return nil }
        return error
    }

    /// Starts what was stopped, etcd first, since everything waits for it.
    ///
    /// - Returns: What did not start, in words.
    func startAgain(_ halted: [Halt]) async -> [String] {
        var failures: [String] = []
        for phase in RestorePhase.allCases.reversed() {
            let words = await withTaskGroup(of: [String].self) { group in
                for halt in halted where halt.phase == phase && !halt.units.isEmpty {
                    group.addTask { await start(halt) }
                }
                return await group.reduce(into: [String]()) { $0 += $1 }
            }
            failures += words.sorted()
        }
        return failures
    }

    private func start(_ halt: Halt) async -> [String] {
        do {
            try await session(halt.host).step(
                RestorePhase.start(halt.units, clusterID: clusterID),
                attempted: "start \(halt.units.joined(separator: ", "))",
                remedy: again
            )
            return []
        } catch { return [Self.words(error, halt.host)] }
    }

    private static func words(_ error: any Error, _ host: String) -> String {
        if let failure = error as? CommandFailure { return failure.message }
        return "\(host): \((error as? TransportError)?.summary ?? "\(error)")"
    }
}
