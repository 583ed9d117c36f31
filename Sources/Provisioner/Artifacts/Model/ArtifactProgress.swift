/// One event of a running fetch or build, for a live view or plain lines.
package enum ArtifactProgress: Sendable, Hashable {
    /// Work on something began.
    case started(subject: String)
    /// Bytes so far, the total if the server told it, and bytes per second since the start of this attempt.
    case transfer(subject: String, received: Int64, total: Int64?, bytesPerSecond: Double)
    /// An attempt failed and another one follows after a pause in seconds.
    case retrying(subject: String, reason: String, afterSeconds: Double)
    /// A line worth showing from a build.
    case note(subject: String, text: String)
    /// Done, with the seconds it took; `cached` when nothing had to be done.
    case finished(subject: String, seconds: Double, cached: Bool)
}

/// Receives progress; called from several tasks at once.
package typealias ArtifactProgressHandler = @Sendable (ArtifactProgress) -> Void
