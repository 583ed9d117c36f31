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
    package var resources: [any Resource]

    package init(
        _ name: String,
        needs: [Gate] = [],
        opens: [Gate] = [],
        rolling: RollingGroup? = nil,
        resources: [any Resource]
    ) {
        self.name = name
        self.needs = needs
        self.opens = opens
        self.rolling = rolling
        self.resources = resources
    }
}

/// A named condition across hosts, opened by the stages that list it.
package enum Gate: String, Sendable, Hashable, CaseIterable {
    case etcdQuorum = "etcd.quorum"
    case apiServerReady = "apiserver.ready"
    case accessGranted = "access.granted"
    case nodesRegistered = "nodes.registered"
    case loadBalancerReady = "loadbalancer.ready"
    case nodeReady = "node.ready"

    /// Whether one host is enough; otherwise every stage that opens it must have passed.
    package var opensWithFirst: Bool { self == .apiServerReady || self == .nodeReady }
}

/// Hosts that are changed one at a time, nodes in waves, once any of them serves.
package enum RollingGroup: String, Sendable, Hashable, CaseIterable {
    case etcd
    case apiServer = "kube-apiserver"
    case loadBalancer = "haproxy"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case kubelet
    case kubeProxy = "kube-proxy"

    /// How many may act at once: a tenth of the nodes, one of everything else.
    package func width(among members: Int) -> Int {
        self == .kubelet || self == .kubeProxy ? max(1, members / 10) : 1
    }
}
