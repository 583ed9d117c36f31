import ProvisionCore
import Testing

/// What a member's histogram says of its disk.
@Suite struct EtcdWritingTests {
    /// etcd's own limits, with how many writes ended within each.
    private static func metrics(_ counts: [(limit: String, count: Int)], slow: Int = 0) -> String {
        let name = "etcd_disk_wal_fsync_duration_seconds"
        let lines = counts.map { "\(name)_bucket{le=\"\($0.limit)\"} \($0.count)" }
        let others = ["\(name)_sum 3.2", "\(name)_count \(counts.last?.count ?? 0)"]
        return (lines + others + ["etcd_server_slow_apply_total \(slow)"]).joined(separator: "\n")
    }

    private static func writing(_ counts: [(limit: String, count: Int)]) -> EtcdWriting {
        EtcdWriting(metrics: metrics(counts))
    }

    @Test func `a fast disk has nothing to complain of`() {
        let writing = Self.writing([("0.001", 900), ("0.002", 990), ("0.004", 1000), ("+Inf", 1000)])
        #expect(writing.slowest == 2 && writing.complaint == nil && !writing.isUnbearable && writing.count == 1000)
    }

    @Test func `between two limits it is as far as the count is`() {
        let writing = Self.writing([("0.064", 0), ("0.128", 98), ("0.256", 100), ("+Inf", 100)])
        #expect(writing.slowest == 192)
        #expect(writing.complaint?.contains("takes 192 ms") == true && !writing.isUnbearable)
    }

    @Test func `the order of lines does not count, and numbers may be long`() {
        let name = "etcd_disk_wal_fsync_duration_seconds_bucket"
        let lines = [
            "# HELP x y", "\(name){le=\"+Inf\"} 1e+06", "\(name){le=\"0.002\"} 1e+06", "\(name){le=\"0.001\"} 0",
        ]
        let text = (lines + ["other 5"]).joined(separator: "\n")
        #expect(EtcdWriting(metrics: text).slowest == 2 && EtcdWriting(metrics: text).count == 1_000_000)
    }

    @Test(arguments: [
        (0, 980, 1536, true), (0, 990, 1024, true), (0, 1000, 1019, true), (1000, 1000, 507, false),
    ])
    func `more than a second is unbearable`(half: Int, second: Int, milliseconds: Int, isUnbearable: Bool) {
        let writing = Self.writing([("0.512", half), ("1.024", second), ("2.048", 1000), ("+Inf", 1000)])
        #expect(writing.slowest == milliseconds && writing.isUnbearable == isUnbearable)
    }

    @Test func `of the few writes of a start nothing is refused`() {
        let writing = Self.writing([("1.024", 97), ("2.048", 100), ("+Inf", 100)])
        #expect(writing.complaint != nil && !writing.isUnbearable)
    }

    @Test func `what took longer than every limit is at least the last one`() {
        let writing = Self.writing([("4.096", 100), ("8.192", 200), ("+Inf", 2000)])
        #expect(writing.slowest == 8192 && writing.isUnbearable)
    }

    @Test(arguments: [
        "", "nonsense", "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 99",
        "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"x\"} 1000",
        "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"1e300\"} 1000",
        "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"8\"} NaN",
        "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"8\"}",
    ])
    func `of too little, and of nonsense, nothing is said`(text: String) {
        let writing = EtcdWriting(metrics: text)
        #expect(writing.slowest == nil && writing.complaint == nil && !writing.isUnbearable)
    }

    @Test func `the words name the metric`() {
        let text = Self.metrics([("1.024", 0), ("2.048", 500), ("+Inf", 500)], slow: 17)
        let words = EtcdWriting(metrics: text).complaint ?? ""
        #expect(words.contains("etcd_disk_wal_fsync_duration_seconds") && words.contains("of 500"))
        #expect(words.contains("etcd_server_slow_apply_total 17"))
    }
}
