/// Leaves that have ended, and what that explains: whoever shows one is refused.
package struct EndedLeaves: Sendable {
    /// Hosts that have one.
    private let hosts: Set<String>
    private let roles: Set<String>
    /// `HOST UNIT` of everything that reads one.
    private let units: Set<String>

    package init(_ entries: [CatalogCertificate] = []) {
        hosts = Set(entries.compactMap(\.host))
        roles = Set(entries.map(\.role))
        units = Set(
            entries.flatMap { entry in
                entry.consumers.map { "\(entry.host ?? "") \($0)" }
            }
        )
    }

    /// Whether a difference of a host may come from an end: a question that is refused, a service that could not start.
    package func explain(_ resource: any Resource, on host: String) -> Bool {
        if let service = resource as? ServiceResource { return units.contains("\(host) \(service.unit)") }
        guard Self.isQuestion(resource.id) else { return false }
        // The first controller counts the pods of cluster DNS on every node.
        let lacksNode = resource.id == "health:dns" && roles.contains("kubelet-client")
        return hosts.contains(host) || lacksNode || roles.contains(where: Self.isOnEveryWay)
    }

    /// What stands between every host and the API, or between the API and what it knows.
    private static func isOnEveryWay(_ role: String) -> Bool {
        ["admin", "haproxy-check"].contains(role) || role.hasPrefix("apiserver") || role.hasPrefix("etcd")
    }

    /// What asks the cluster, or somebody who asks it; a member of etcd says without a certificate how it is.
    private static func isQuestion(_ id: String) -> Bool {
        id != "health:etcd" && ["health:", "access:", "manifest:", "nodes:"].contains { id.hasPrefix($0) }
    }
}
