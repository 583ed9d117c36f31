import ProvisionArtifacts
import Synchronization

/// One line per thing that takes time, and one more every ten seconds of a transfer.
final class ArtifactProgressLine: Sendable {
    private let console: Console
    /// When a line about a subject was shown last.
    private let shown = Mutex<[String: ContinuousClock.Instant]>([:])

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
            console.note("  \(subject): \(reason); again in \(RunView.seconds(Int(seconds * 1000)))")
        case .transfer(let subject, let received, let total, let rate):
            guard isDue(subject) else { return }
            console.note("  \(subject): \(Self.words(received, of: total, rate))")
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
