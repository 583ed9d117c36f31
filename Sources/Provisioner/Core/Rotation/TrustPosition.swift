package import PKI

/// Where hosts stand in the way of a rotation, by what lies on them: whom they trust, and whose leaves they hold.
///
/// The store may be a copy that is older or newer than the hosts; what hosts show is the truth.
package struct TrustPosition: Sendable {
    /// What one host shows of one root.
    package struct Sight: Sendable, Hashable {
        package var host: String
        package var root: TrustRoot
        /// Generations that are accepted, file by file.
        package var accepted: [Set<Int>]
        /// Generations that issued, sign or encrypt there.
        package var issuing: Set<Int>
        /// What it trusts and the store has never seen, by name.
        package var strangers: [String]

        package init(host: String, root: TrustRoot, accepted: [Set<Int>], issuing: Set<Int>, strangers: [String]) {
            self.host = host
            self.root = root
            self.accepted = accepted
            self.issuing = issuing
            self.strangers = strangers
        }
    }

    /// What is to be done about a difference between store and hosts.
    package enum Decision: Sendable, Hashable {
        case agrees
        /// The store goes to where the hosts stand.
        case move(RotationPhase, why: String)
        case refuse(why: [String])
    }

    package let sights: [Sight]

    package init(sights: [Sight]) { self.sights = sights }

    /// Which phases a host may be in: more than one in the middle of a step; none where no phase explains it.
    static func phases(of sight: Sight, old: Int) -> ClosedRange<RotationPhase>? {
        let new = old + 1
        var found: Set<RotationPhase> = []
        for accepted in sight.accepted {
            switch accepted {
            case [old]: found.insert(.oldOnly)
            case [new]: found.insert(.distrust)
            case [old, new]:
                if sight.issuing.contains(old) || sight.issuing.isEmpty { found.insert(.trustBoth) }
                if sight.issuing.contains(new) { found.insert(.newLeaves) }
            default: return nil
            }
        }
        guard let low = found.min(), let high = found.max() else { return nil }
        return low...high
    }

    /// Names of what hosts trust and the store does not know: it was copied before that was made.
    package var strangers: [String] {
        sights.filter { !$0.strangers.isEmpty }.map {
            "\($0.host) trusts \($0.strangers.joined(separator: ", ")) as \($0.root.rawValue)"
        }
    }

    /// Compares the store's state with the hosts.
    ///
    /// - Parameter state: What the store says.
    /// - Returns: What is to be done before anything else.
    package func decide(_ state: TrustState) -> Decision {
        guard strangers.isEmpty else { return .refuse(why: strangers) }
        guard let rotation = state.rotation else { return settled(state) }
        // The way back from ended authorities has no order to keep: nothing serves.
        if rotation.recovery != nil { return .agrees }
        var ranges: [(host: String, range: ClosedRange<RotationPhase>)] = []
        var odd: [String] = []
        for sight in sights where rotation.roots.contains(sight.root) && !sight.accepted.isEmpty {
            guard let range = Self.phases(of: sight, old: state.settled(sight.root)) else {
                odd.append("\(sight.host) trusts generations \(Self.words(sight.accepted)) of \(sight.root.rawValue)")
                continue
            }
            ranges.append((sight.host, range))
        }
        guard odd.isEmpty else { return .refuse(why: odd) }
        guard let low = ranges.map(\.range.lowerBound).min(), let high = ranges.map(\.range.upperBound).max() else {
            return .agrees
        }
        let here = rotation.phase
        let before = rotation.isRollingBack ? here : here.previous ?? here
        let after = rotation.isRollingBack ? here.next ?? here : here
        if low >= before, high <= after { return .agrees }
        guard low == high || low.next == high else {
            return .refuse(
                why: ranges.map { "\($0.host) is at \($0.range.lowerBound.rawValue) of this rotation" }
            )
        }
        let hosts = low == high ? "at \(high.rawValue)" : "between \(low.rawValue) and \(high.rawValue)"
        return .move(high, why: "the store says \(here.rawValue), hosts are \(hosts)")
    }

    /// Without a rotation every host must at least accept what is in force.
    private func settled(_ state: TrustState) -> Decision {
        let behind = sights.filter { sight in
            sight.accepted.contains { !$0.contains(state.settled(sight.root)) }
        }
        guard behind.isEmpty else {
            return .refuse(
                why: behind.map {
                    "\($0.host) trusts only generation \(Self.words($0.accepted)) of \($0.root.rawValue); the store's is \(state.settled($0.root))"
                }
            )
        }
        return .agrees
    }

    private static func words(_ accepted: [Set<Int>]) -> String {
        Set(accepted.map { $0.sorted().map(String.init).joined(separator: "+") }).sorted().joined(separator: " and ")
    }
}
