/// Whether members may be changed now.
extension EtcdOverview {
    /// What is about to happen to members.
    package struct Touch: Sendable, Equatable {
        /// Whether one that runs stops for it, be it for a moment or for good.
        package var stops: Bool
        /// Hosts whose members go: what is wrong with them is a reason to go on.
        package var leaving: Set<String>
        /// Hosts whose members restart; where it is one alone, the others do not wait for it.
        package var restarting: Set<String>

        package init(stops: Bool, leaving: Set<String> = [], restarting: Set<String> = []) {
            self.stops = stops
            self.leaving = leaving
            self.restarting = restarting
        }

        fileprivate var excused: Set<String> { restarting.count == 1 ? leaving.union(restarting) : leaving }
    }

    /// Why members are left alone.
    ///
    /// One that is out of space calls itself unhealthy after its restart, and nobody could write that it is well again. On a
    /// slow disk elections are lost, while every other member counts.
    ///
    /// - Parameters:
    ///   - touch: What is about to happen.
    ///   - bearsSlowness: Whether slow writes hold nothing up, as in a lab, whose machines share one disk.
    /// - Returns: `nil` where it may go on.
    package func hindrance(_ touch: Touch, bearsSlowness: Bool = false) -> EtcdSituation.Refusal? {
        if let host = members.first(where: { $0.alarms.contains("NOSPACE") })?.host {
            return EtcdSituation.Refusal(
                why: "etcd has the alarm NOSPACE and refuses writes (says \(host)): a member that restarts or joins "
                    + "would not become healthy",
                remedy: "provision etcd defrag --disarm (where a member is down: etcdctl alarm disarm), "
                    + "then the same command again"
            )
        }
        if let host = members.first(where: { $0.alarms.contains("CORRUPT") })?.host {
            return EtcdSituation.Refusal(
                why: "etcd has the alarm CORRUPT (says \(host)): its members do not hold the same",
                remedy: "see provision etcd status; replace the member that is wrong (provision etcd replace), "
                    + "then etcdctl alarm disarm"
            )
        }
        guard touch.stops, !bearsSlowness else { return nil }
        return slow(besides: touch.excused).first { $0.writing?.isUnbearable ?? false }.map { refusal(of: $0) }
    }

    private func refusal(of slow: EtcdMember) -> EtcdSituation.Refusal {
        EtcdSituation.Refusal(
            why: "\(slow.host): \(slow.writing?.complaint ?? ""), and more than \(EtcdWriting.limits.bearable) ms are "
                + "too many: with a member less, etcd would wait for this one",
            remedy: "give it a faster disk, or see what else writes there; then systemctl restart etcd on \(slow.host) "
                + "begins the figures anew; or take it out: provision etcd replace"
        )
    }

    /// What is worth a word and holds nothing up.
    ///
    /// - Parameter touch: What is about to happen.
    /// - Returns: One sentence for each member.
    package func slowness(_ touch: Touch) -> [String] {
        slow(besides: touch.leaving).map { "\($0.host): \($0.writing?.complaint ?? "")" }
    }

    private func slow(besides leaving: Set<String>) -> [EtcdMember] {
        members.filter { $0.writing?.complaint != nil && !leaving.contains($0.host) }
    }
}
