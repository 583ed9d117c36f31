package import PKI

/// What happens at each step of a rotation, in words: shown before anything is done.
package struct RotationStage: Sendable, Hashable {
    package var phase: RotationPhase
    package var does: [String]
    package var restarts: [String]
    package var gates: [String]

    /// The whole way of these roots.
    package static func way(of roots: [TrustRoot]) -> [RotationStage] {
        [.trustBoth, .newLeaves, .distrust].map { phase in
            RotationStage(
                phase: phase,
                does: roots.map { "\($0.rawValue): \(deed($0, phase))" },
                restarts: restarts(roots),
                gates: gates(roots, phase)
            )
        }
    }

    private static func deed(_ root: TrustRoot, _ phase: RotationPhase) -> String {
        switch (root, phase) {
        case (_, .oldOnly): "the next generation is made; hosts know nothing of it"
        case (.serviceAccount, .trustBoth): "tokens of both keys are accepted, the old one signs"
        case (.serviceAccount, .newLeaves):
            "the new key signs; token Secrets are made again, pods of kube-system restarted"
        case (.serviceAccount, .distrust): "tokens of the old key are refused, its token Secrets deleted"
        case (.encryption, .trustBoth): "the new key is added second: every API server can read what it will write"
        case (.encryption, .newLeaves): "the new key writes; every Secret is rewritten"
        case (.encryption, .distrust): "the old key is dropped, after etcd holds nothing under it"
        case (.kubernetes, .trustBoth): "every trust file holds old and new; pods of kube-system are restarted"
        case (_, .trustBoth): "every trust file holds old and new"
        case (_, .newLeaves): "every leaf is issued by the new authority"
        case (_, .distrust): "the old authority leaves every trust file"
        }
    }

    private static func restarts(_ roots: [TrustRoot]) -> [String] {
        var units: [String] = []
        if roots.contains(.etcd) { units.append("etcd, one member at a time") }
        units.append("kube-apiserver, one at a time")
        if roots.contains(where: { [.kubernetes, .frontProxy, .serviceAccount].contains($0) }) {
            units.append("kube-controller-manager, one at a time")
        }
        if roots.contains(.kubernetes) || roots.contains(.frontProxy) { units.append("kube-scheduler, one at a time") }
        if roots.contains(.kubernetes) { units.append("kubelet and kube-proxy in waves of a tenth; haproxy reloads") }
        return units
    }

    private static func gates(_ roots: [TrustRoot], _ phase: RotationPhase) -> [String] {
        var list = ["the plan has nothing left to do", "every API server reads and writes; the load balancer answers"]
        let isMatrixed = roots.contains { $0 != .encryption }
        if isMatrixed {
            let what =
                phase == .distrust
                ? "the old canary is refused, the new one accepted" : "old and new canary are accepted"
            list.append("\(what) by every endpoint")
        }
        if roots.contains(.kubernetes), phase != .newLeaves {
            list.append("kube-root-ca.crt of every namespace holds the bundle")
        }
        if roots.contains(.encryption), phase != .trustBoth {
            list.append("every Secret in etcd begins with the new key's prefix")
        }
        if phase == .newLeaves { list.append("then the soak, so that what is forgotten shows before the old goes") }
        return list
    }
}

/// Why a rotation must not begin; all reasons at once.
package struct RotationRefusal: Sendable, Hashable {
    package var reason: String
    package var remedy: String

    package init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    /// Judges facts that were gathered from every host.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - roots: What is to be rotated.
    ///   - unreachable: Hosts that were not reached, and why.
    ///   - drift: What differs from the plan, by host.
    ///   - clocks: Milliseconds that a host's clock is ahead.
    ///   - inventory: Its path, for remedies.
    /// - Returns: Nothing when it may begin.
    package static func judge(
        _ spec: ClusterSpec,
        roots: [TrustRoot],
        unreachable: [String: String],
        drift: [String: [String]],
        clocks: [String: Int],
        inventory: String
    ) -> [RotationRefusal] {
        var list = unreachable.sorted { $0.key < $1.key }.map {
            RotationRefusal(
                "\($0.key) is not reachable: \($0.value)",
                remedy: "bring it back or take it out of the inventory: it would come back with what nobody trusts"
            )
        }
        for (host, ids) in drift.sorted(by: { $0.key < $1.key }) where !ids.isEmpty {
            let named = ids.prefix(4).joined(separator: ", ") + (ids.count > 4 ? " and \(ids.count - 4) more" : "")
            list.append(.init("\(host) is not as the plan wants it: \(named)", remedy: "provision apply \(inventory)"))
        }
        let members = spec.hosts(.etcd)
        if roots.contains(.etcd), members.count == 2 {
            list.append(
                .init("etcd has two members: restarting one loses the quorum", remedy: "add a third member first")
            )
        }
        let ill = members.map(\.name).filter { drift[$0]?.contains("health:etcd") ?? (unreachable[$0] != nil) }
        if !ill.isEmpty {
            let text = "etcd is healthy on \(members.count - ill.count) of \(members.count) members, all are needed"
            list.append(.init(text, remedy: "look at \(ill.joined(separator: ", ")): journalctl -u etcd"))
        }
        for (host, offset) in clocks.sorted(by: { $0.key < $1.key }) where abs(offset) > 30_000 {
            list.append(.init("the clock of \(host) is \(offset / 1000) s off", remedy: "chronyc makestep on \(host)"))
        }
        return list
    }
}
