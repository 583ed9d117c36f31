/// A run of resources of one host with no gate between them: observed in one round trip, applied in one.
package struct Stage: Sendable {
    /// Unique in its lane, for example `etcd`.
    package var name: String
    /// Gates that must be open before it may act.
    package var needs: [Gate]
    /// Gates that it contributes to once it is as wanted.
    package var opens: [Gate]
    /// Stages of one group act one host at a time when the group already serves.
    package var rolling: RollingGroup?
    /// Whether it is tried, where its own gates open, also after an earlier stage of its lane did not succeed.
    package var isTriedAnyway: Bool
    package var resources: [any Resource]

    package init(
        _ name: String,
        needs: [Gate] = [],
        opens: [Gate] = [],
        rolling: RollingGroup? = nil,
        isTriedAnyway: Bool = false,
        resources: [any Resource]
    ) {
        self.name = name
        self.needs = needs
        self.opens = opens
        self.rolling = rolling
        self.isTriedAnyway = isTriedAnyway
        self.resources = resources
    }

    /// Whether its scripts may wait for what other hosts do in the same run: a founding member of etcd for its quorum, DNS
    /// and drains for nodes that take the pods, a playbook for whatever it says.
    package var waitsForOthers: Bool {
        resources.contains { resource in
            ["health:etcd", "health:dns", "drain:", "wait:", "command:"].contains { resource.id.hasPrefix($0) }
        }
    }
}

/// A named condition across hosts, opened by the stages that list it.
package struct Gate: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let etcdQuorum = Gate(rawValue: "etcd.quorum")
    package static let apiServerReady = Gate(rawValue: "apiserver.ready")
    package static let accessGranted = Gate(rawValue: "access.granted")
    package static let nodesRegistered = Gate(rawValue: "nodes.registered")
    package static let loadBalancerReady = Gate(rawValue: "loadbalancer.ready")
    package static let nodeReady = Gate(rawValue: "node.ready")
    package static let allNodesReady = Gate(rawValue: "nodes.ready")

    /// Whether one host is enough; otherwise every stage that opens it must have passed.
    package var opensWithFirst: Bool { self == .apiServerReady || self == .nodeReady }

    /// Whether one host is enough once every other one has passed or failed: of two load balancers either carries the
    /// virtual address, and one alone has nobody beside it.
    package var opensWithLast: Bool { self == .loadBalancerReady }

    /// Whether a majority of those that open it is enough: what a quorum is.
    package var opensWithMajority: Bool { self == .etcdQuorum }

    /// How many of so many openers must have passed.
    package func needed(of openers: Int) -> Int {
        opensWithFirst || opensWithLast ? min(1, openers) : opensWithMajority ? openers / 2 + 1 : openers
    }
}

/// Hosts that are changed one at a time, nodes in waves, once any of them serves.
package enum RollingGroup: String, Sendable, Hashable, CaseIterable {
    case etcd
    case apiServer = "kube-apiserver"
    case loadBalancer = "haproxy"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case runtime
    case kubelet
    case kubeProxy = "kube-proxy"

    /// Whose turn it shares: of all controllers one alone is without any part of the control plane.
    package var turn: RollingGroup {
        switch self {
        case .controllerManager, .scheduler: .apiServer
        default: self
        }
    }

    /// How many may act at once: as many nodes as may be out of service, one of everything else.
    package func width(among members: Int, nodes: MaxUnavailable) -> Int {
        switch self {
        case .runtime, .kubelet, .kubeProxy: nodes.width(among: members)
        default: 1
        }
    }
}
