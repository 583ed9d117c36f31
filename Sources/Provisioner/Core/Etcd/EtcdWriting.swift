/// How fast a member's disk takes its log, by the histogram that the member keeps since its start.
///
/// Whoever writes waits for it: a disk that needs seconds loses leaders, and a member that restarts there comes back late.
package struct EtcdWriting: Sendable, Hashable {
    private struct Bucket: Sendable, Hashable {
        /// Seconds; the last one has no end.
        var limit: Double
        /// Writes that ended within it.
        var count: Double
    }

    /// Milliseconds of the 99th percentile: worth a word, and too much to go on.
    package static let limits = (notable: 100, bearable: 1000)
    /// Of fewer writes nothing can be said, and of fewer than that many nothing is refused: a start is slow anyway.
    private static let enough: Double = 100, plenty = 1000
    private static let histogram = "etcd_disk_wal_fsync_duration_seconds"
    private static let applies = "etcd_server_slow_apply_total"
    /// What of `/metrics` is read, as an extended regular expression.
    static let pattern = "^(\(histogram)_bucket|\(applies))"

    private var buckets: [Bucket] = []
    /// Entries that took more than 100 ms from log to database.
    package private(set) var slowApplies = 0

    /// Reads lines of `/metrics`, in whatever order; others are passed over.
    ///
    /// - Parameter metrics: Prometheus' text format.
    package init(metrics: String) {
        for line in metrics.split(separator: "\n") {
            guard let end = line.lastIndex(of: " "), let value = Double(line[line.index(after: end)...]), value.isFinite
            else { continue }
            if line.hasPrefix("\(Self.histogram)_bucket{") {
                guard let limit = Self.limit(line) else { continue }
                buckets.append(Bucket(limit: limit, count: value))
            } else if line.hasPrefix(Self.applies) {
                slowApplies = Int(exactly: value) ?? 0
            }
        }
        buckets.sort { $0.limit < $1.limit }
    }

    /// `NAME{le="0.001"} 41`; a limit that no disk has means that the host talks nonsense.
    private static func limit(_ line: Substring) -> Double? {
        let parts = line.split(separator: "\"")
        guard parts.count > 2 else { return nil }
        if parts[1] == "+Inf" { return .infinity }
        return Double(parts[1]).flatMap { (0...1_000_000).contains($0) ? $0 : nil }
    }

    /// Writes in all.
    package var count: Int { buckets.last.flatMap { Int(exactly: $0.count) } ?? 0 }

    /// Milliseconds within which 99 of 100 writes ended, as Prometheus' `histogram_quantile` would have it; of what took
    /// longer than the last bucket, that one's.
    ///
    /// - Returns: `nil` where too little was written to tell.
    package var slowest: Int? {
        guard let all = buckets.last?.count, all >= Self.enough else { return nil }
        let rank = all * 0.99
        var below = Bucket(limit: 0, count: 0)
        for bucket in buckets {
            guard bucket.count < rank else {
                guard bucket.limit.isFinite else { break }
                let share = (rank - below.count) / max(1, bucket.count - below.count)
                return Int(((below.limit + (bucket.limit - below.limit) * share) * 1000).rounded())
            }
            below = bucket
        }
        return Int((below.limit * 1000).rounded())
    }

    /// What is wrong; `nil` where it is fast enough, or nothing is known.
    package var complaint: String? {
        guard let slowest, slowest > Self.limits.notable else { return nil }
        return
            "a synced write of etcd's log takes \(slowest) ms (\(Self.histogram), 99th percentile of \(count) since it "
            + "started; \(Self.applies) \(slowApplies))"
    }

    /// Whether nobody should make it busier, or wait for it.
    package var isUnbearable: Bool { count >= Self.plenty && slowest.map { $0 > Self.limits.bearable } ?? false }
}
