import ProvisionArtifacts
import Synchronization

/// One line per thing that takes time, and one more every ten seconds of a transfer.
final class ArtifactProgressLine: Sendable {
    private let console: Console
    /// When a line about a subject was shown last.
    private let shown = Mutex<[String: ContinuousClock.Instant]>([:])
    private let retries = Mutex(Retries())

    init(console: Console) { self.console = console }

    func show(_ progress: ArtifactProgress) {
        switch progress {
        case .finished(let subject, let seconds, let cached):
            if !cached { console.note("  \(subject) ready (\(RunView.seconds(Int(seconds * 1000))))") }
        case .note(let subject, let text): console.note("  \(subject): \(text)")
        case .started(let subject):
            shown.withLock { $0[subject] = .now }
            console.note("  fetching \(subject)")
        case .retrying(let subject, let reason, let seconds):
            guard let who = retries.withLock({ $0.told(subject, reason) }) else { return }
            console.note("  \(who): \(reason); again in \(RunView.seconds(Int(seconds * 1000)))")
        case .transfer(let subject, let received, let total, let rate):
            guard isDue(subject) else { return }
            console.note("  \(subject): \(Self.words(received, of: total, rate))")
        }
    }

    /// Failed attempts: files of one server that fail alike are told of once for each attempt.
    struct Retries {
        private var attempts: [String: Int] = [:]
        private var said: Set<String> = []

        /// - Returns: The server that failed, or what else did; `nil` where it was said of another file.
        mutating func told(_ subject: String, _ reason: String) -> String? {
            attempts[subject, default: 0] += 1
            let server = Self.server(subject)
            return said.insert("\(server) \(attempts[subject] ?? 0) \(reason)").inserted ? server : nil
        }

        /// The host and port of a URL; another subject as it is.
        private static func server(_ subject: String) -> String {
            let parts = subject.split(separator: "/", maxSplits: 2)
            return subject.contains("://") && parts.count > 1 ? String(parts[1]) : subject
        }
    }

    private func isDue(_ subject: String) -> Bool {
        shown.withLock { times in
            let now = ContinuousClock.now
            if let last = times[subject], now - last < .seconds(10) { return false }
            defer { times[subject] = now }
            return times[subject] != nil
        }
    }

    static func words(_ received: Int64, of total: Int64?, _ rate: Double) -> String {
        let percent = total.map { $0 > 0 ? " of \(ByteCount.text(Int($0))), \(received * 100 / $0) %" : "" } ?? ""
        return "\(ByteCount.text(Int(received)))\(percent), \(ByteCount.text(Int(rate)))/s"
    }
}
