import Templates

/// A systemd unit that is enabled and runs what its files say.
///
/// The stamp holds the fingerprint of unit, configuration, certificates and binary at the last proven start, and the
/// invocation that proved it; a crash between writing a file and restarting heals on the next run, because the stamp
/// still names the old fingerprint. A file repaired while its process kept running needs no restart.
package struct ServiceResource: Resource {
    package let unit: String
    package let reason: String
    /// Ids of what the process reads at its start.
    package let startedFrom: [String]
    /// Digest over everything in `startedFrom`.
    package let fingerprint: String
    /// Ids and digest of what a reload makes the process read again; empty when it has no reload.
    package let reloadedFrom: [String]
    package let reloadFingerprint: String
    /// A snippet that must succeed before a running unit may be restarted (quorum arithmetic).
    package private(set) var guardScript: String?
    /// Whether the start may return before the unit is up; its health resource waits.
    package let startsWithoutWaiting: Bool

    package init(
        unit: String,
        reason: String,
        startedFrom: [any Resource],
        reloadedFrom: [any Resource] = [],
        guardScript: String? = nil,
        startsWithoutWaiting: Bool = false
    ) {
        self.unit = unit
        self.reason = reason
        self.startedFrom = startedFrom.map(\.id)
        fingerprint = Self.fingerprint(of: startedFrom)
        self.reloadedFrom = reloadedFrom.map(\.id)
        reloadFingerprint = reloadedFrom.isEmpty ? "-" : Self.fingerprint(of: reloadedFrom)
        self.guardScript = guardScript
        self.startsWithoutWaiting = startsWithoutWaiting
    }

    /// The same without its guard.
    package var unguarded: ServiceResource {
        var copy = self
        copy.guardScript = nil
        return copy
    }

    package var id: String { "service:\(unit)" }
    package var title: String { unit }
    package var digest: String { "\(fingerprint) \(reloadFingerprint)" }
    package var probe: Probe { .script("service \(unit)") }

    /// Stands among the changed ids of a run in which the unit is started, restarted or reloaded.
    package static func startMark(_ unit: String) -> String { "start:\(unit)" }

    package func marks(of verdict: Verdict) -> Set<String> {
        let starts = verdict.actions.contains { [.start, .restart, .reload].contains($0.kind) }
        return starts ? [id, Self.startMark(unit)] : [id]
    }

    private static func fingerprint(of resources: [any Resource]) -> String {
        let text = resources.map { "\($0.id) \($0.digest)" }.sorted().joined(separator: "\n")
        return String(SHA256Digest.hex(of: Array(text.utf8)).prefix(32))
    }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        guard let state = ServiceState(words: answer.words) else {
            return .change("cannot be read: \(answer.text)", [start()])
        }
        if !state.isRunning { return .change(state.whyNotRunning, [start()]) }
        let restarted = state.stampedInvocation != state.invocation
        if state.stampedFingerprint != fingerprint {
            return .change("runs an older unit, configuration, certificate or binary", [restart()])
        }
        if restarted, let cause = startedFrom.first(where: changed.contains) {
            return .change("was started from another \(cause)", [restart()])
        }
        // Whoever edited a file may have reloaded it too, and a reload costs nothing.
        if state.stampedReload != reloadFingerprint || reloadedFrom.contains(where: changed.contains) {
            return .change("runs an older configuration", [reload()])
        }
        guard state.isEnabled, !state.needsDaemonReload else {
            let why = state.isEnabled ? "systemd has not read its unit file again" : "is not enabled"
            return .change(why, [Action(kind: .update, title: "enable \(unit)", script: "enable_unit \(unit)")])
        }
        return .same("runs and is enabled")
    }

    private var stampWords: String { "\(unit) \(fingerprint) \(reloadFingerprint)" }

    private func start() -> Action {
        let flag = startsWithoutWaiting ? "--no-block" : ""
        return Action(
            kind: .start,
            title: "start \(unit)",
            script: "enable_unit \(unit)\nstart_unit \(unit) \(flag)\nstamp \(stampWords)",
            seconds: 120
        )
    }

    private func restart() -> Action {
        let steps = [guardScript, "enable_unit \(unit)", "restart_unit \(unit)", "stamp \(stampWords)"]
        return Action(
            kind: .restart,
            title: "restart \(unit)",
            script: steps.compactMap(\.self).joined(separator: "\n"),
            seconds: 180
        )
    }

    private func reload() -> Action {
        Action(
            kind: .reload,
            title: "reload \(unit)",
            script: "enable_unit \(unit)\nreload_unit \(unit)\nstamp \(stampWords)",
            seconds: 60
        )
    }
}
