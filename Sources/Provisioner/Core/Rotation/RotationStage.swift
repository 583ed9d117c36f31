package import PKI
import Templates

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

    /// The way back to the old generation.
    ///
    /// - Parameters:
    ///   - roots: What is rotated.
    ///   - phase: Where it stands.
    ///   - isUnderWay: Whether the step to that phase is one of the way back, and is done again.
    /// - Returns: Its steps, in their order.
    package static func wayBack(
        of roots: [TrustRoot],
        from phase: RotationPhase,
        isUnderWay: Bool
    ) -> [RotationStage] {
        let steps: [RotationPhase] = [.trustBoth, .oldOnly]
        return steps.filter { $0 < phase || isUnderWay && $0 == phase }.map { step in
            RotationStage(
                phase: step,
                does: roots.map { "\($0.rawValue): \(deedBack($0, step))" },
                restarts: restarts(roots),
                gates: gates(roots, step, isBack: true)
            )
        }
    }

    /// What goes on serving while one of each restarts, in words.
    ///
    /// - Parameters:
    ///   - roots: What is rotated.
    ///   - controllers: How many API servers there are.
    ///   - members: How many members of etcd.
    /// - Returns: One line per kind of service.
    package static func survives(_ roots: [TrustRoot], controllers: Int, members: Int) -> [String] {
        var lines = [
            controllers > 1
                ? "API: \(controllers - 1) of \(controllers) API servers serve while one restarts"
                : "API: nobody serves while the only API server restarts, about half a minute in each stage"
        ]
        if roots.contains(.etcd) {
            lines.append(
                members > 2
                    ? "etcd: \(members - 1) of \(members) members keep the quorum while one restarts"
                    : "etcd: without a quorum for some seconds in each stage, \(counted(members, "member")) in all"
            )
        }
        if roots.contains(.kubernetes) {
            lines.append("pods go on; kubelets restart in waves, and exec and logs wait for them")
        }
        return lines
    }

    private static func deed(_ root: TrustRoot, _ phase: RotationPhase) -> String {
        switch (root, phase) {
        case (_, .oldOnly): "the next generation is made; hosts know nothing of it"
        case (.serviceAccount, .trustBoth): "tokens of both keys are accepted, the old one signs"
        case (.serviceAccount, .newLeaves):
            "the new key signs; token Secrets are made again, pods of kube-system restarted"
        case (.serviceAccount, .distrust): "tokens of the old key are refused, its token Secrets deleted"
        case (.encryption, .trustBoth): "the new key is added second: every API server can read what it will write"
        case (.kubernetes, .newLeaves):
            "every leaf is issued by the new authority; kubeconfigs made before trust the old one alone: make them anew"
        case (.encryption, .newLeaves): "the new key writes; every Secret is rewritten"
        case (.encryption, .distrust): "the old key is dropped, after etcd holds nothing under it"
        case (.kubernetes, .trustBoth): "every trust file holds old and new; pods of kube-system are restarted"
        case (_, .trustBoth): "every trust file holds old and new"
        case (_, .newLeaves): "every leaf is issued by the new authority"
        case (_, .distrust): "the old authority leaves every trust file"
        }
    }

    private static func deedBack(_ root: TrustRoot, _ phase: RotationPhase) -> String {
        switch (root, phase) {
        case (.serviceAccount, .trustBoth):
            "the old key signs again; token Secrets are made again, pods of kube-system restarted"
        case (.encryption, .trustBoth): "the old key writes again; every Secret is rewritten"
        case (_, .trustBoth): "every leaf is issued by the old authority again"
        case (.serviceAccount, _): "tokens of the new key are refused"
        case (.encryption, _): "the new key is dropped, after etcd holds nothing under it"
        default: "the new authority leaves every trust file"
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

    private static func gates(_ roots: [TrustRoot], _ phase: RotationPhase, isBack: Bool = false) -> [String] {
        var list = ["the plan has nothing left to do", "every API server reads and writes; the load balancer answers"]
        if roots.contains(where: { $0 != .encryption }) { list.append("\(answers(phase)) by every endpoint") }
        if roots.contains(.kubernetes), phase != .newLeaves {
            list.append("kube-root-ca.crt of every namespace holds the bundle")
            list.append("the ca.crt that is mounted in every running pod holds the bundle")
        }
        if restartsEveryPod(roots, phase, isBack) { list.append("every pod of kube-system has restarted") }
        if roots.contains(.kubernetes) || roots.contains(.frontProxy) {
            list.append("extension-apiserver-authentication holds what API servers trust")
        }
        if FunctionCheck.concerns(roots) {
            list.append("\(FunctionCheck.title) answer as before the first stage\(isBack ? ", or are named" : "")")
        }
        if roots.contains(.serviceAccount) {
            list.append("every API server signs new tokens with the \(phase < .newLeaves ? "old" : "new") key")
        }
        if roots.contains(.kubernetes), phase == .newLeaves {
            list.append("no webhook, APIService, CRD or cluster-info trusts the old authority alone")
        }
        if roots.contains(.kubernetes), phase == .newLeaves {
            list.append("no kubeconfig that was given out lives by the old authority alone, or --accept-lost-access")
        }
        if roots.contains(.serviceAccount), phase == .newLeaves {
            list.append("no running pod mounts a token of the old key")
        }
        if roots.contains(.encryption), isBack || phase != .trustBoth {
            list.append("every Secret in etcd begins with the \(isBack ? "old" : "new") key's prefix")
        }
        if phase == .newLeaves {
            list.append("then the soak, so that what is forgotten shows before the old goes")
            list.append("after it every host there and as the plan wants it, etcd whole, the same handshakes again")
        }
        return list
    }

    private static func restartsEveryPod(_ roots: [TrustRoot], _ phase: RotationPhase, _ isBack: Bool) -> Bool {
        switch phase {
        case .trustBoth: roots.contains(isBack ? .serviceAccount : .kubernetes)
        case .newLeaves: roots.contains(.serviceAccount)
        case .oldOnly, .distrust: false
        }
    }

    private static func answers(_ phase: RotationPhase) -> String {
        switch phase {
        case .oldOnly: "the new canary is refused, the old one accepted"
        case .trustBoth, .newLeaves: "old and new canary are accepted"
        case .distrust: "the old canary is refused, the new one accepted"
        }
    }
}
