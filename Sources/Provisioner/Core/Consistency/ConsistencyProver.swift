/// Proves that a plan's parts agree with one another, from the text that would be sent and before any host is touched.
///
/// It parses the rendered files again instead of asking what rendered them: a slip in a template, an override in the
/// inventory and a certificate of another time are all found in the same way.
package struct ConsistencyProver: Sendable {
    private static let checks: [any ConsistencyCheck] = [
        ReadableFilesCheck(), APIServerNamesCheck(), NetworkCheck(), ClusterDNSCheck(), NodeIdentityCheck(),
        KubeconfigUserCheck(), LoadBalancerCheck(), EtcdClusterCheck(), EtcdNamesCheck(), TrustCheck(), PathCheck(),
        SandboxCheck(),
        PodNetworkCheck(), RouteCheck(),
    ]

    private let spec: ClusterSpec
    private let plan: Plan

    package init(spec: ClusterSpec, plan: Plan) {
        self.spec = spec
        self.plan = plan
    }

    /// Every violation, by check, then in the inventory's order of hosts.
    ///
    /// The plan must be whole: a plan that is limited to some hosts lacks what the others bring.
    package func violations() -> [ConsistencyViolation] {
        let cluster = RenderedCluster(spec: spec, plan: plan)
        return Self.checks.flatMap { $0.violations(in: cluster) }
    }
}

/// One family of checks over a whole cluster.
protocol ConsistencyCheck: Sendable {
    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation]
}

extension ConsistencyCheck {
    typealias Place = ConsistencyViolation.Place
    typealias Finding = ConsistencyViolation.Finding
}
