import Templates

/// A unit that a playbook wants running, and that read the files which the playbook writes.
///
/// The same stamp as the cluster's own services: a run that is cut off between a file and its restart heals on the next one.
package struct PlaybookUnit: Resource {
    package let unit: PlaybookStep.Unit
    package let reason: String
    private let restartedFrom: [FileResource]
    private let reloadedFrom: [FileResource]

    package init(_ unit: PlaybookStep.Unit, files: [String: FileResource], reason: String) {
        self.unit = unit
        self.reason = reason
        restartedFrom = unit.restartAfter.compactMap { files[$0] }
        reloadedFrom = unit.reloadAfter.compactMap { files[$0] }
    }

    package var id: String { "unit:\(unit.name)" }
    package var title: String { unit.name }
    package var digest: String { "\(fingerprint) \(reloadFingerprint)" }
    package var probe: Probe { .script("service \(unit.name)") }

    private var fingerprint: String { Self.fingerprint(restartedFrom) }
    private var reloadFingerprint: String { Self.fingerprint(reloadedFrom) }

    private static func fingerprint(_ files: [FileResource]) -> String {
        guard !files.isEmpty else { return "-" }
        let text = files.map { "\($0.id) \($0.digest)" }.sorted().joined(separator: "\n")
        return String(SHA256Digest.hex(of: Array(text.utf8)).prefix(32))
    }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        guard let state = ServiceState(words: answer.words) else {
            return .change("cannot be read: \(answer.text)", [start])
        }
        guard unit.isRunning else { return stopped(state) }
        if !state.isRunning { return .change("is \(state.active) (\(state.sub))", [start]) }
        if !restartedFrom.isEmpty, state.stampedFingerprint != fingerprint {
            return .change("has not been restarted since its files changed", [restart])
        }
        if !reloadedFrom.isEmpty, state.stampedReload != reloadFingerprint || changes(reloadedFrom, changed) {
            return .change("has not been reloaded since its files changed", [reload])
        }
        if changes(restartedFrom, changed), state.stampedInvocation != state.invocation {
            return .change("was started from other files", [restart])
        }
        return enabled(state, or: .same("runs"))
    }

    private func changes(_ files: [FileResource], _ changed: Set<String>) -> Bool {
        files.contains { changed.contains($0.id) }
    }

    private func stopped(_ state: ServiceState) -> Verdict {
        guard ["inactive", "failed", "unknown"].contains(state.active) else {
            return .change(
                "is \(state.active)",
                [
                    Action(
                        kind: .update,
                        title: "stop \(unit.name)",
                        script: "\(enablement)systemctl stop \(unit.name)",
                        seconds: 100
                    )
                ]
            )
        }
        return enabled(state, or: .same("is \(state.active)"))
    }

    private func enabled(_ state: ServiceState, or verdict: Verdict) -> Verdict {
        guard let wanted = unit.isEnabled, wanted != state.isEnabled, state.enabled != "static" else { return verdict }
        let word = wanted ? "enable" : "disable"
        return .change(
            "is \(state.enabled)",
            [Action(kind: .update, title: "\(word) \(unit.name)", script: enablement)]
        )
    }

    private var enablement: String {
        let note =
            "known \(unit.name) || note unit \(unit.name) '' \"$(systemctl is-enabled \(unit.name) 2> /dev/null) $(systemctl is-active \(unit.name) 2> /dev/null)\"\n"
        guard let wanted = unit.isEnabled else { return note }
        return note + "systemctl -q \(wanted ? "enable" : "disable") \(unit.name)\n"
    }

    /// Once its files are gone, a teardown lets it read again what is left.
    private func reread(_ verb: String) -> String {
        "known \(verb):\(unit.name) || note reread \(verb):\(unit.name) '' ''\n"
    }

    private var stamp: String { "\nstamp \(unit.name) \(fingerprint) \(reloadFingerprint)" }

    private var start: Action {
        Action(
            kind: .start,
            title: "start \(unit.name)",
            script: "\(enablement)start_unit \(unit.name)\(stamp)",
            seconds: 120
        )
    }

    private var restart: Action {
        Action(
            kind: .restart,
            title: "restart \(unit.name)",
            script: "\(enablement)\(reread("restart"))restart_unit \(unit.name)\(stamp)",
            seconds: 120
        )
    }

    private var reload: Action {
        Action(
            kind: .reload,
            title: "reload \(unit.name)",
            script: "\(enablement)\(reread("reload"))reload_unit \(unit.name)\(stamp)",
            seconds: 60
        )
    }
}
