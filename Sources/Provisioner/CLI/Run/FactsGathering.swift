import Foundation
import ProvisionCore
import ProvisionEngine

/// What hosts say about themselves, asked side by side in one round trip each.
struct FactsGathering {
    private(set) var facts: [String: HostFacts] = [:]
    private(set) var failures: [String: TransportError] = [:]

    /// Asks every host.
    ///
    /// - Parameters:
    ///   - hosts: Whom to ask.
    ///   - spec: The cluster that they are, or will be, part of.
    ///   - isComparison: Whether only clock, machine-id and product UUID are asked for.
    ///   - open: Opens a host's session; it is closed afterwards.
    /// - Returns: The facts, and why a host has none.
    static func gather(
        _ hosts: [HostSpec],
        of spec: ClusterSpec,
        isComparison: Bool = false,
        open: @escaping @Sendable (HostSpec) async throws(TransportError) -> HostSession
    ) async -> FactsGathering {
        await withTaskGroup(of: (String, Result<HostFacts, TransportError>).self) { group in
            for host in hosts {
                group.addTask {
                    do throws(TransportError) {
                        let session = try await open(host)
                        let facts = await Self.facts(of: host, in: spec, isComparison: isComparison, on: session)
                        await session.close()
                        return (host.name, facts)
                    } catch { return (host.name, .failure(error)) }
                }
            }
            return await group.reduce(into: FactsGathering()) { $0.add($1.0, $1.1) }
        }
    }

    /// The same over sessions that stay open.
    static func gather(
        _ lanes: [ObservedLane],
        of spec: ClusterSpec,
        isComparison: Bool = false
    ) async -> FactsGathering {
        await withTaskGroup(of: (String, Result<HostFacts, TransportError>).self) { group in
            for lane in lanes {
                guard let session = lane.session else { continue }
                group.addTask {
                    let host = lane.lane.host
                    return (
                        host.name, await Self.facts(of: host, in: spec, isComparison: isComparison, on: session)
                    )
                }
            }
            return await group.reduce(into: FactsGathering()) { $0.add($1.0, $1.1) }
        }
    }

    /// Judges the facts; a host without any fails.
    func results(
        _ spec: ClusterSpec,
        clusterID: String?,
        beside others: [String: HostFacts] = [:]
    ) -> [PreflightResult] {
        let unreached = failures.sorted { $0.key < $1.key }.map {
            PreflightResult("ssh.connect", $0.key, .failure, $0.value.summary, fix: $0.value.remedy)
        }
        return unreached + Preflight(spec: spec, clusterID: clusterID).results(facts, beside: others)
    }

    private mutating func add(_ host: String, _ answer: Result<HostFacts, TransportError>) {
        switch answer {
        case .success(let facts): self.facts[host] = facts
        case .failure(let error): failures[host] = error
        }
    }

    private static func facts(
        of host: HostSpec,
        in spec: ClusterSpec,
        isComparison: Bool = false,
        on session: HostSession
    ) async -> Result<HostFacts, TransportError> {
        do throws(TransportError) {
            let peers = NeededPorts.reached(from: host, in: spec) + NeededPorts.hoped(from: host, in: spec)
            let script = isComparison ? FactsScript.comparison : FactsScript.text(for: host, in: spec, peers: peers)
            let before = Date().timeIntervalSince1970
            let result = try await session.run(script, seconds: 60 + peers.count / 25)
            var facts = HostFacts(output: result.outputText)
            guard facts.isComplete else {
                throw TransportError(
                    code: .protocolFailure,
                    host: host.name,
                    attempted: "gather facts",
                    reason: "the answer has no end (\(result.status)): \(Sanitised.text(result.errorText, limit: 200))",
                    remedy: "run it again; if it stays so, run sh -x on the host by hand"
                )
            }
            // The clock is read first on the host: half of the connection's way is lost in the noise of seconds.
            if let clock = facts.number("clock") { facts.clockOffset = clock - Int(before * 1000) }
            return .success(facts)
        } catch { return .failure(error) }
    }
}
