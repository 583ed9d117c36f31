/// A point in time by which something must have happened.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(after duration: Duration) { end = .now + duration }

    var hasPassed: Bool { .now >= end }

    /// Milliseconds for poll(2): what is left, at most a quarter of a second, so that cancellation is noticed.
    var pollMilliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: end)
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
        return Int32(max(0, min(250, milliseconds)))
    }
}
