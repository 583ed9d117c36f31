import ProvisionCore

/// A point in time by which something must have happened; it comes sooner where nothing moves.
struct Deadline: Sendable {
    private let last: ContinuousClock.Instant
    private let idle: Duration?
    private var end: ContinuousClock.Instant

    /// - Parameters:
    ///   - duration: From now, whatever happens.
    ///   - idle: From the last move; `nil` where moves do not count.
    init(after duration: Duration, idle: Duration? = nil) {
        last = .now + duration
        self.idle = idle
        end = last
        moved()
    }

    init(of command: RemoteCommand) { self.init(after: command.timeout, idle: command.idle) }

    /// Something moved: the wait for the next move begins.
    mutating func moved() {
        if let idle { end = min(last, ContinuousClock.now + idle) }
    }

    var hasPassed: Bool { .now >= end }

    /// What to say once it has passed.
    var words: String {
        guard let idle, end < last else { return "no end in time" }
        return "nothing moved for \(idle.wholeSeconds) s"
    }

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
