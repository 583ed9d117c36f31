/// How kube-proxy's iptables rules lead from a service's address to its endpoints.
package struct ServicePath: Sendable, Equatable {
    /// One way out of the service's chain.
    package struct Endpoint: Sendable, Hashable {
        /// `KUBE-SEP-...`.
        package var chain: String
        /// Share of the connections, 0 to 1.
        package var share: Double
        /// `ADDRESS:PORT`; empty when the chain ends nowhere.
        package var destination: String
    }

    /// `KUBE-SVC-...`.
    package var chain: String
    /// The chains before it, from the first: for example `KUBE-SERVICES`, `KUBE-NODEPORTS`.
    package var entry: [String]
    package var endpoints: [Endpoint]

    /// Follows a cluster address and port.
    ///
    /// - Parameters:
    ///   - table: The host's nat table.
    ///   - address: The service's cluster address.
    ///   - port: The service's port.
    /// - Returns: `nil` where no rule speaks of it.
    package static func clusterAddress(_ table: NATTable, address: String, port: Int) -> ServicePath? {
        let rule = table["KUBE-SERVICES"].first {
            $0.value("-d") == "\(address)/32" && $0.value("--dport") == String(port) && isService($0.target)
        }
        return rule?.target.map { path(table, entry: ["KUBE-SERVICES"], chain: $0) }
    }

    /// Follows a node port; younger versions put `KUBE-EXT-` between.
    package static func nodePort(_ table: NATTable, port: Int) -> ServicePath? {
        let rules = table["KUBE-NODEPORTS"].filter { $0.value("--dport") == String(port) }
        if let chain = rules.compactMap(\.target).first(where: { isService($0) }) {
            return path(table, entry: ["KUBE-SERVICES", "KUBE-NODEPORTS"], chain: chain)
        }
        guard let outer = rules.compactMap(\.target).first(where: { $0.hasPrefix("KUBE-EXT-") }),
            let chain = table[outer].compactMap(\.target).first(where: { isService($0) })
        else { return nil }
        return path(table, entry: ["KUBE-SERVICES", "KUBE-NODEPORTS", outer], chain: chain)
    }

    private static func isService(_ target: String?) -> Bool { target?.hasPrefix("KUBE-SVC-") ?? false }

    /// Each rule takes its probability of what the rules before it left.
    private static func path(_ table: NATTable, entry: [String], chain: String) -> ServicePath {
        var left = 1.0
        var endpoints: [Endpoint] = []
        for rule in table[chain] {
            guard let target = rule.target, target.hasPrefix("KUBE-SEP-") else { continue }
            let share = left * (rule.value("--probability").flatMap { Double($0) } ?? 1)
            left -= share
            let destination = table[target].compactMap { $0.value("--to-destination") }.first ?? ""
            endpoints.append(Endpoint(chain: target, share: share, destination: destination))
        }
        return ServicePath(chain: chain, entry: entry, endpoints: endpoints)
    }
}
