/// What systemd and the stamp say about one unit, as the prelude's `service` prints it.
package struct ServiceState: Sendable, Hashable {
    package var active: String
    package var sub: String
    package var enabled: String
    package var needsDaemonReload: Bool
    package var invocation: String
    package var stampedFingerprint: String
    package var stampedReload: String
    package var stampedInvocation: String

    /// Reads `active sub enabled needReload invocation stampFingerprint stampReload stampInvocation`.
    package init?(words: [String]) {
        guard words.count == 8 else { return nil }
        active = words[0]
        sub = words[1]
        enabled = words[2]
        needsDaemonReload = words[3] == "yes"
        invocation = words[4]
        stampedFingerprint = words[5]
        stampedReload = words[6]
        stampedInvocation = words[7]
    }

    /// A unit that systemd starts again and again is not running; one that is still starting is.
    package var isRunning: Bool {
        ["active", "reloading"].contains(active) || (active == "activating" && sub != "auto-restart")
    }
    package var isEnabled: Bool { enabled == "enabled" }
    package var whyNotRunning: String {
        stampedFingerprint == "-" ? "was never started" : "is \(active) (\(sub))"
    }
}
