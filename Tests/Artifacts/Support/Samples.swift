@testable import ProvisionArtifacts

/// Bytes and policies that several suites use.
enum Samples {
    /// Reproducible bytes that no compression and no offset error can hide in.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
    }

    /// Short pauses; timeouts stay generous, so that a loaded machine does not fail a test.
    static var policy: DownloadPolicy {
        var policy = DownloadPolicy()
        policy.attempts = 3
        policy.firstPause = .milliseconds(5)
        policy.longestPause = .milliseconds(20)
        // A machine with other work may stand still for longer than a user would wait; only tests of silence want it short.
        policy.connectTimeout = .seconds(300)
        policy.idleTimeout = .seconds(300)
        policy.minimumRate = 0
        return policy
    }

    static func downloader(_ policy: DownloadPolicy = policy, _ environment: [String: String] = [:]) -> Downloader {
        Downloader(policy: policy, proxies: ProxyEnvironment(environment))
    }
}
