import PKI
import ProvisionCore

/// A renewal that stopped on the way: leaves that no host serves return to what they were, the others stay renewed.
struct RenewalUndo {
    let rollout: Rollout
    let store: CredentialStore
    /// What the store held before.
    let earlier: [CredentialStore.EarlierLeaf]

    /// Puts back what did not come into use, in the store and then on the hosts.
    ///
    /// - Parameter failure: Why the renewal stopped.
    /// - Returns: The failure to report: the same status, with what was put back and what stays.
    /// - Throws: What stands in the way of looking at the hosts.
    func perform(after failure: CommandFailure) async throws -> CommandFailure {
        let unused = failure.status == .lockHeld ? earlier : try await notInUse()
        guard !unused.isEmpty else { return failure }
        try store.putBack(unused)
        let names = unused.map(\.profile.identifier)
        let reached = failure.status == .lockHeld ? true : await followed(Set(names))
        return CommandFailure(
            "\(failure.message)\n  \(Self.account(of: names, renewed: earlier.count - names.count, reached))",
            remedy: "mend what it says, then run the same command again",
            status: failure.status
        )
    }

    static func account(of names: [String], renewed: Int, _ reached: Bool) -> String {
        let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
        let place = reached ? "put back" : "put back in the store; provision apply brings the hosts that did not answer"
        return "\(place): \(shown); in use and renewed: \(renewed)"
    }

    private func followed(_ names: Set<String>) async -> Bool {
        do {
            _ = try await rollout.perform(holding: names)
            return true
        } catch { return false }
    }

    private func notInUse() async throws -> [CredentialStore.EarlierLeaf] {
        let survey = try await CertificateSurvey.take(
            rollout.run.spec,
            inventory: rollout.inventory,
            within: 0,
            scripts: HostScripts(connector: rollout.run.connector),
            console: rollout.run.context.console
        )
        let ill = Set(survey.rows.filter { !$0.findings.isEmpty }.map(\.entry.identifier))
        return earlier.filter { ill.contains($0.profile.identifier) }
    }
}
