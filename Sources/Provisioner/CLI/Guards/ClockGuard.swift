import ProvisionCore
import ProvisionEngine
import ProvisionSSH

/// Certificates are dated by this machine's clock: before any is issued it is held against those of the hosts.
struct ClockGuard {
    let spec: ClusterSpec
    let connector: HostConnector
    /// The only hosts that are asked; empty: all.
    var limit: Set<String> = []

    /// Who is asked.
    var hosts: [HostSpec] { limit.isEmpty ? spec.hosts : spec.hosts.filter { limit.contains($0.name) } }

    /// Asks them; one that is not reached says nothing.
    ///
    /// - Returns: Who was reached, and why others were not.
    /// - Throws: `CommandFailure` where clocks differ by more than 30 s.
    @discardableResult func check() async throws -> FactsGathering {
        let connector = connector
        let gathered = await FactsGathering.gather(hosts, of: spec, isComparison: true) {
            host throws(TransportError) in
            HostSession(host: host.name, transport: try await connector.open(host))
        }
        try Self.refuse(gathered.facts.mapValues(\.clockOffset))
        return gathered
    }

    /// Refuses where clocks differ too much.
    ///
    /// - Parameter offsets: Milliseconds that each host's clock is ahead of this machine's.
    /// - Throws: `CommandFailure`, which names the clocks, the worst first.
    static func refuse(_ offsets: [String: Int]) throws {
        let wrong = ClockComparison(offsets).failures
        guard let worst = wrong.first else { return }
        throw CommandFailure(
            wrong.map { "the clock of \($0.host) is \($0.text)" }.joined(separator: "\n"),
            remedy: "\(worst.fix); certificates issued now might not be valid on every host",
            status: .refused
        )
    }
}
