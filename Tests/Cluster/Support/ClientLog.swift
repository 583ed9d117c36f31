/// What one client that never pauses wrote down: `ok SECONDS`, or `failed SECONDS WORDS`.
struct ClientLog: Sendable {
    var name: String
    var succeeded = 0
    /// Time and the client's words.
    var failures: [String] = []
    /// Seconds between two calls that succeeded, the longest.
    var longestGap = 0.0

    init(_ name: String, _ text: String) {
        self.name = name
        var times: [Double] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count >= 2, let time = Double(words[1]) else { continue }
            if words[0] == "failed" { failures.append(words.dropFirst().joined(separator: " ")) }
            guard words[0] == "ok" else { continue }
            times.append(time)
        }
        succeeded = times.count
        // Pods that follow one another each write a file of their own, and these come in the order of their names.
        times.sort()
        longestGap = zip(times.dropFirst(), times).map { $0 - $1 }.max() ?? 0
    }

    /// Failures outside of these times, and those that speak of a certificate: no restart explains them.
    func unexplained(by restarts: [ClosedRange<Double>]) -> [String] {
        failures.filter { failure in
            let time = failure.split(separator: " ").first.flatMap { Double($0) } ?? 0
            return !restarts.contains { $0.contains(time) } || failure.contains("x509") || failure.contains("tls:")
        }
    }

    var summary: String {
        let gap = (longestGap * 100).rounded() / 100
        let words = kinds.isEmpty ? "" : ": \(kinds.joined(separator: " | "))"
        return "\(name): \(succeeded) succeeded, \(failures.count) failed, longest gap \(gap) s\(words)"
    }

    /// The client's words, each with how often it said them, the first time and the last.
    private var kinds: [String] {
        let words = failures.map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        return Dictionary(grouping: words) { $0.count > 1 ? $0[1] : "" }
            .map { "\($0.value.count) of \($0.key) from \($0.value.first?[0] ?? "") to \($0.value.last?[0] ?? "")" }
            .sorted()
    }
}

/// A watch that is begun again wherever it ends.
struct WatchLog: Sendable {
    /// How often it ended and was begun again.
    var restarts: Int
    /// Values that were written and never seen.
    var missed: [Int]
    /// Attempts that gave no watch.
    var failures: [String]

    /// - Parameters:
    ///   - text: `event N`, `ended SECONDS WORDS`, `failed SECONDS WORDS`, in order.
    ///   - written: What the write loop wrote, from 1 on.
    init(_ text: String, written: Int) {
        var seen: Set<Int> = []
        (restarts, failures) = (0, [])
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch words.first {
            case "event": if words.count > 1, let value = Int(words[1]) { seen.insert(value) }
            case "ended": restarts += 1
            case "failed": failures.append(words.dropFirst().joined())
            default: continue
            }
        }
        // The first ones may have been written before the watch stood, the last ones on their way when it was told to end.
        let first = seen.min() ?? 1
        missed = written < first + 5 ? [] : (first...(written - 5)).filter { !seen.contains($0) }
    }

    var summary: String {
        "watch: begun again \(restarts) times, \(missed.count) of the events missed, \(failures.count) attempts failed\(failures.isEmpty ? "" : ": \(failures.prefix(8).joined(separator: " | "))")"
    }
}
