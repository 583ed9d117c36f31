/// How patient downloads are.
package struct DownloadPolicy: Sendable, Hashable {
    /// Attempts in a row that bring no new byte before giving up.
    package var attempts = 5
    /// Pause before the second attempt; it doubles up to `longestPause`, with up to a quarter of random extra.
    package var firstPause: Duration = .milliseconds(500)
    package var longestPause: Duration = .seconds(15)
    package var connectTimeout: Duration = .seconds(15)
    /// Longest silence in a response.
    package var idleTimeout: Duration = .seconds(30)
    /// A transfer slower than this many bytes per second over `slowWindow` counts as stalled.
    package var minimumRate = 512.0
    package var slowWindow: Duration = .seconds(30)
    /// Files downloaded at the same time.
    package var parallel = 4

    package init() {}

    /// The pause after the given number of fruitless attempts, from 1.
    func pause(afterFailure number: Int) -> Duration {
        let factor = 1 << min(max(number, 1) - 1, 16)
        let pause = min(firstPause * factor, longestPause)
        return pause + pause * Double.random(in: 0...0.25)
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
