import PKI
import ProvisionCore
import ProvisionEngine

/// A renewal that stopped on the way: leaves that did not come into use return to what they were, the others stay renewed.
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
        let unused = try await notInUse()
        guard !unused.isEmpty else { return failure }
        try store.putBack(unused)
        let names = unused.map(\.profile.identifier)
        let haveFollowed = await followed()
        let remedy =
            haveFollowed
            ? "mend what it says, then run the same command again"
            : "mend what it says; provision apply \(rollout.inventory) brings the hosts to what the store holds"
        return CommandFailure(
            "\(failure.message)\n  \(Self.account(of: names, renewed: earlier.count - names.count, haveFollowed))",
            remedy: remedy,
            status: failure.status
        )
    }

    static func account(of names: [String], renewed: Int, _ haveFollowed: Bool) -> String {
        let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
        let place = haveFollowed ? "put back" : "put back in the store, and not on every host"
        return "\(place): \(shown); in use and renewed: \(renewed)"
    }

    private func followed() async -> Bool {
        do {
            _ = try await rollout.perform(holdsLiving: true)
            return true
        } catch { return false }
    }

    /// A leaf is in use where its files lie as in the store, its handshake shows it, and every unit that reads it runs with it.
    private func notInUse() async throws -> [CredentialStore.EarlierLeaf] {
        let spec = rollout.run.spec
        let survey = try await CertificateSurvey.take(
            spec,
            inventory: rollout.inventory,
            within: 0,
            scripts: HostScripts(connector: rollout.run.connector),
            console: rollout.run.context.console
        )
        let ill = Set(survey.rows.filter { !$0.findings.isEmpty }.map(\.entry.identifier))
        let unwell = try await unwellUnits()
        let readers = CertificateCatalog.certificates(of: spec).reduce(into: [:]) { readers, entry in
            readers[entry.identifier] = entry.host.map { host in entry.consumers.map { "\(host) \($0)" } }
        }
        return earlier.filter { leaf in
            let units = readers[leaf.profile.identifier] ?? []
            return ill.contains(leaf.profile.identifier) || !unwell.isDisjoint(with: units)
        }
    }

    /// `HOST UNIT` of every unit that is not as the plan wants it: dead, or started from something older.
    private func unwellUnits() async throws -> Set<String> {
        let now = try await rollout.run.replanned(holdsLiving: true)
        let observed = await now.executor.observe(now.plan)
        await now.close(observed)
        return observed.reduce(into: []) { units, lane in
            let verdicts = lane.verdicts
            for (index, resource) in lane.lane.resources.enumerated() {
                guard let unit = (resource as? ServiceResource)?.unit else { continue }
                if !verdicts.indices.contains(index) || !verdicts[index].isSame {
                    units.insert("\(lane.lane.host.name) \(unit)")
                }
            }
        }
    }
}
