/// One line of `artifacts list`: what is wanted and whether it is on this machine.
package struct ArtifactListing: Sendable, Hashable {
    package enum State: String, Sendable, Hashable {
        /// On this machine and as locked.
        case present
        /// On this machine, but the lock file has no entry for it yet.
        case unlocked
        /// On this machine with another hash than the locked one.
        case different
        /// To be fetched or built.
        case missing
    }

    package let id: ArtifactID
    package let architecture: Architecture
    /// The version asked for, or found; nothing if neither is known yet.
    package let version: String?
    package let state: State
    package let artifact: Artifact?
}
