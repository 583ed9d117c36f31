package import PKI
import Templates

/// What a cluster is like before a rotation, as far as it speaks against one.
package struct Unsteadiness: Sendable, Hashable {
    /// Hosts that were not reached, and why.
    package var unreachable: [String: String] = [:]
    /// What differs from the plan, by host.
    package var drift: [String: [String]] = [:]
    /// Milliseconds that a host's clock is ahead.
    package var clocks: [String: Int] = [:]
    /// Leaves that end within a day although their authority does not.
    package var ending: [String] = []
    /// Certificate signing requests that nobody has answered.
    package var pendingRequests: [String] = []
    /// etcd's alarms and learners, in etcd's words.
    package var etcd: [String] = []
    /// Hosts whose trust is not what this store knows.
    package var strangers: [String] = []

    package init() {}
}

/// Why a rotation must not begin; all reasons at once.
package struct RotationRefusal: Sendable, Hashable {
    package var reason: String
    package var remedy: String

    package init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    /// Judges what was gathered from every host.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - roots: What is to be rotated; nothing where only leaves are renewed.
    ///   - seen: What was seen.
    ///   - inventory: Its path, for remedies.
    /// - Returns: Nothing when it may begin.
    package static func judge(
        _ spec: ClusterSpec,
        roots: [TrustRoot],
        _ seen: Unsteadiness,
        inventory: String
    ) -> [RotationRefusal] {
        reach(seen) + drift(seen, inventory) + etcd(spec, roots, seen)
            + ClockComparison(seen.clocks).failures.map {
                .init("the clock of \($0.host) is \($0.text)", remedy: $0.fix)
            } + (roots.isEmpty ? [] : leaves(seen, inventory))
    }

    /// Hosts without which a rotation in progress does not begin its next step.
    ///
    /// - Parameters:
    ///   - unreachable: Who was not reached, and why.
    ///   - inventory: Its path, for remedies.
    /// - Returns: One for each.
    package static func missing(_ unreachable: [String: String], inventory: String) -> [RotationRefusal] {
        unreachable.sorted { $0.key < $1.key }.map {
            .init(
                "\($0.key) is not reachable: \($0.value)",
                remedy:
                    "bring it back, or take it out of the inventory and provision apply \(inventory), since it would come back with what nobody trusts; \(again(inventory))"
            )
        }
    }

    /// Why a rotation in progress does not pass the point from which whoever is missing or behind is locked out.
    ///
    /// Another number of members than at its beginning does not hold it up: who was lost has been taken out.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - seen: What was seen.
    ///   - inventory: Its path, for remedies.
    /// - Returns: Nothing when it may go on.
    package static func checkpoint(
        _ spec: ClusterSpec,
        _ seen: Unsteadiness,
        inventory: String
    ) -> [RotationRefusal] {
        var present = seen
        present.unreachable = [:]
        return missing(seen.unreachable, inventory: inventory)
            + judge(spec, roots: [], present, inventory: inventory).map {
                .init($0.reason, remedy: "\($0.remedy); \(again(inventory))")
            }
    }

    private static func again(_ inventory: String) -> String {
        "then: provision certs rotate --resume --apply \(inventory)"
    }

    private static func reach(_ seen: Unsteadiness) -> [RotationRefusal] {
        seen.unreachable.sorted { $0.key < $1.key }.map {
            .init(
                "\($0.key) is not reachable: \($0.value)",
                remedy: "bring it back or take it out of the inventory: it would come back with what nobody trusts"
            )
        }
    }

    /// A store that does not know whom hosts trust must not be applied, so that is said instead of the difference.
    private static func drift(_ seen: Unsteadiness, _ inventory: String) -> [RotationRefusal] {
        if !seen.strangers.isEmpty {
            return seen.strangers.map { .init($0, remedy: Self.otherStore) }
        }
        return seen.drift.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { host, ids in
            let named = ids.prefix(4).joined(separator: ", ") + (ids.count > 4 ? " and \(ids.count - 4) more" : "")
            return .init("\(host) is not as the plan wants it: \(named)", remedy: "provision apply \(inventory)")
        }
    }

    /// What to do with a store that is not the one that hosts were last changed with.
    package static let otherStore =
        "this store is a copy from another time, or was brought together from parts: use the one with which hosts were changed last (pki.directory), or a newer copy of it, or take the key from a controller (docs/certificates.md, \"The store is lost\"); do not apply with this one"

    private static func etcd(_ spec: ClusterSpec, _ roots: [TrustRoot], _ seen: Unsteadiness) -> [RotationRefusal] {
        let members = spec.hosts(.etcd)
        var list: [RotationRefusal] = []
        if roots.contains(.etcd), members.count == 2 {
            list.append(
                .init("etcd has two members: restarting one loses the quorum", remedy: "add a third member first")
            )
        }
        let ill = members.map(\.name).filter {
            seen.drift[$0]?.contains("health:etcd") ?? (seen.unreachable[$0] != nil)
        }
        if !ill.isEmpty {
            let all = counted(members.count, "member")
            let text = "etcd is healthy on \(members.count - ill.count) of \(all), all are needed"
            list.append(.init(text, remedy: "look at \(ill.joined(separator: ", ")): journalctl -u etcd"))
        }
        return list
            + seen.etcd.map {
                .init(
                    "etcd says: \($0)",
                    remedy: "NOSPACE: compact, defragment, then etcdctl alarm disarm; a learner: promote or remove it"
                )
            }
    }

    private static func leaves(_ seen: Unsteadiness, _ inventory: String) -> [RotationRefusal] {
        var list: [RotationRefusal] = []
        if !seen.ending.isEmpty {
            list.append(
                .init(
                    "\(named(seen.ending)) end within a day, perhaps in the middle of the rotation",
                    remedy: "provision certs renew --expiring-within 1d \(inventory)"
                )
            )
        }
        if !seen.pendingRequests.isEmpty {
            list.append(
                .init(
                    "signing requests wait for an answer: \(named(seen.pendingRequests))",
                    remedy: "kubectl certificate approve or deny them: their certificates would be of the old authority"
                )
            )
        }
        return list
    }

    private static func named(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}
