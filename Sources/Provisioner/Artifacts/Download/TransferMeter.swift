/// Counts bytes of one attempt, tells the rate, and notices a transfer that only trickles.
struct TransferMeter {
    private let policy: DownloadPolicy
    private let started = ContinuousClock.now
    private var windowStarted = ContinuousClock.now
    private var windowBytes: Int64 = 0
    private var reported: ContinuousClock.Instant?
    private(set) var received: Int64 = 0

    init(policy: DownloadPolicy) {
        self.policy = policy
    }

    var bytesPerSecond: Double {
        let seconds = started.duration(to: .now).seconds
        return seconds > 0 ? Double(received) / seconds : 0
    }

    /// Adds bytes; false when a whole window passed below the minimum rate.
    mutating func add(_ count: Int) -> Bool {
        received += Int64(count)
        windowBytes += Int64(count)
        let window = windowStarted.duration(to: .now)
        guard window >= policy.slowWindow else { return true }
        let fastEnough = Double(windowBytes) / window.seconds >= policy.minimumRate
        windowStarted = .now
        windowBytes = 0
        return fastEnough
    }

    /// True at most five times a second, so that a live view is not flooded.
    mutating func shouldReport() -> Bool {
        if let reported, reported.duration(to: .now) < .milliseconds(200) { return false }
        reported = .now
        return true
    }
}
