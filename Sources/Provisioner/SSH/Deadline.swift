/// A point in time by which something must have happened.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(after duration: Duration) { end = .now + duration }

    var hasPassed: Bool { .now >= end }

    /// What is left; never negative.
    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    /// Milliseconds for poll(2): what is left, at most a quarter of a second, so that cancellation is noticed.
    var pollMilliseconds: Int32 { Int32(min(250, remaining.milliseconds + 1)) }

    /// An equal share of what is left, for the next of several attempts.
    func share(of count: Int) -> Deadline { Deadline(after: remaining / max(1, count)) }
}

extension Duration {
    /// Rounded down.
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }

    /// Rounded up to what `ssh` can be told; at least one.
    var wholeSeconds: Int { max(1, Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)) }
}
