import Templates

/// How many pods of a Deployment, DaemonSet or StatefulSet have its present template.
package struct WorkloadRollout: Sendable, Hashable {
    /// What keeps its controller from replacing pods.
    package enum Hand: Sendable, Hashable {
        case paused
        case onDelete
        /// Pods with a lower ordinal keep the template before.
        case partition(Int)
    }

    package var kind: String
    package var namespace: String
    package var name: String
    /// For what its pods were to start last; empty: nobody said so.
    package var mark: String
    package var hand: Hand?
    /// Of the present template, and the one that its controller has seen.
    package var generation: Int
    package var observed: Int
    package var wanted: Int
    package var updated: Int
    package var ready: Int
    /// All pods that there are; `nil` where nobody counts them.
    package var total: Int?

    /// Reads a line of `RotationScripts.rollouts`.
    package init?(line: some StringProtocol) {
        let fields = String(line).split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 14, fields[0] == "rollout", let generation = Int(fields[8]) else { return nil }
        func number(_ index: Int) -> Int { Int(fields[index]) ?? 0 }
        (kind, namespace, name, mark) = (fields[1], fields[2], fields[3], fields[4])
        self.generation = generation
        (observed, wanted, updated, ready, total) = (number(9), number(10), number(11), number(12), Int(fields[13]))
        if fields[5] == "true" {
            hand = .paused
        } else if fields[6] == "OnDelete" {
            hand = .onDelete
        } else if number(7) > 0 {
            hand = .partition(number(7))
        }
    }

    package static func all(in words: String) -> [WorkloadRollout] {
        words.split(separator: "\n").compactMap { WorkloadRollout(line: $0) }
    }

    /// `Deployment kube-system/coredns`.
    package var title: String { "\(kind) \(namespace)/\(name)" }

    /// Pods without the present template, there or still to come; `nil` until its controller has seen the template.
    package var outdated: Int? {
        guard observed >= generation else { return nil }
        return max(0, wanted - updated) + max(0, (total ?? updated) - updated)
    }

    /// What is still to happen, counted in pods; `nil` until its controller has seen the template.
    package var remaining: Int? { outdated.map { $0 + max(0, wanted - ready) } }

    package var isDone: Bool { remaining == 0 }

    /// Whether it goes on by itself.
    ///
    /// One that only a person restarts does so too until its controller has seen the template, and once all that is left
    /// is pods that start.
    package var movesAlone: Bool { !isDone && (hand == nil || (outdated ?? 0) == 0) }

    /// What a person must do, since its controller replaces no pod, or not all; `nil` where it does, where no pod is
    /// without the template, and where nobody knows yet.
    package var errand: String? {
        guard let hand, let outdated, outdated > 0 else { return nil }
        switch hand {
        case .paused: return "\(title) is paused: kubectl -n \(namespace) rollout resume \(kind.lowercased())/\(name)"
        case .onDelete: return "\(title) is OnDelete: delete its pods, one after another"
        case .partition(let first):
            return "\(title) keeps pods below \(first) back: set its spec.updateStrategy.rollingUpdate.partition to 0"
        }
    }

    /// For whoever waits for it.
    package var account: String {
        "\(title): \(updated) of \(counted(wanted, "pod")) restarted, \(min(ready, wanted)) ready"
    }
}

/// Waits for roll-outs as long as they go on, however many pods there are.
package struct RolloutWatch: Sendable {
    /// Seconds in which nothing moved until a roll-out counts as stuck: a pod may end and start slowly.
    package static let patience = 300

    /// The best that was seen of each template, and when.
    private var best: [String: (remaining: Int, second: Int)] = [:]

    package init() {}

    /// What has to be known of a look.
    ///
    /// - Parameters:
    ///   - rollouts: How far they are.
    ///   - second: Of any clock that only goes forward.
    /// - Returns: Those that still go on, and those in which nothing has moved for too long.
    package mutating func look(
        at rollouts: [WorkloadRollout],
        second: Int
    ) -> (going: [WorkloadRollout], stuck: [WorkloadRollout]) {
        let waiting = rollouts.filter(\.movesAlone)
        for rollout in waiting {
            let key = "\(rollout.title) \(rollout.generation)"
            let remaining = rollout.remaining ?? .max
            if let known = best[key], known.remaining <= remaining { continue }
            best[key] = (remaining, second)
        }
        let stuck = waiting.filter { rollout in
            let since = best["\(rollout.title) \(rollout.generation)"]?.second ?? second
            return second - since >= Self.patience
        }
        return (waiting.filter { !stuck.contains($0) }, stuck)
    }
}
