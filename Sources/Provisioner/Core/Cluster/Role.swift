/// What a host is for; a host may hold several roles.
package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    case loadBalancer, etcd, controller, worker, client

    /// The hard way's own order: load balancer, etcd, control plane, workers, client.
    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
