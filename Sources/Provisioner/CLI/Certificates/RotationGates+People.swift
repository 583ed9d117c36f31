import Foundation
import PKI
import ProvisionCore

/// People whose kubeconfigs end with an authority.
extension RotationGates {
    /// Whom the generation that goes would take along.
    private func lostAccess(_ rotation: Rotation) throws -> [IssuedIdentity] {
        // Nobody lives by an authority that has ended.
        guard rotation.roots.contains(.kubernetes), rotation.recovery == nil else { return [] }
        let old = try store.trustState().settled(.kubernetes)
        return rotation.isRollingBack
            ? try store.lostAccess(going: old + 1, staying: old)
            : try store.lostAccess(going: old, staying: old + 1)
    }

    /// While there is time to give them others.
    func nameLostAccess(_ rotation: Rotation) throws {
        let people = try lostAccess(rotation)
        guard !people.isEmpty else { return }
        let which = rotation.isRollingBack ? "new" : "old"
        tell("‼ kubeconfigs that live by the \(which) authority alone: \(people.map(\.words).joined(separator: "; "))")
        let others = "give these people others: \(IssuedIdentity.renewal(inventory))"
        guard rotation.phase == .trustBoth, !rotation.isRollingBack else { return tell(others) }
        tell("at new-leaves \(others); those made before this rotation do not know the API servers from there on")
    }

    /// Distrust locks them out for good, so that somebody must have said that it may.
    func requireNoLostAccess(_ rotation: Rotation) throws {
        let people = try lostAccess(rotation)
        let accepted = try store.trustState().rotation?.asked?.lostAccess
        if let refusal = IssuedIdentity.refusal(of: people, accepted: accepted, inventory: inventory) { throw refusal }
        guard let accepted, !people.isEmpty else { return }
        let words = people.map(\.words).joined(separator: "; ")
        try store.record("\(rotation.id): accepted that these lose their access (\(accepted)): \(words)")
        tell("lose their access, as accepted (\(accepted)): \(words)")
    }
}

extension IssuedIdentity {
    /// `jane (developers) until 2027-01-31T12:00:00Z`.
    var words: String {
        let end = Date(timeIntervalSince1970: TimeInterval(notAfter)).formatted(.iso8601)
        let line = holder.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(Sanitised.text(line, limit: 200)) until \(end)"
    }

    static func renewal(_ inventory: String) -> String {
        "provision kubeconfig [--user NAME --group GROUP] \(inventory)"
    }

    /// Why an authority may not go; `nil` where nobody is left who lives by it, or that was accepted.
    static func refusal(of people: [IssuedIdentity], accepted: String?, inventory: String) -> CommandFailure? {
        guard !people.isEmpty, accepted == nil else { return nil }
        let words = people.map(\.words).joined(separator: "; ")
        return CommandFailure(
            "kubeconfigs that were given out live by the old authority alone, and end with it: \(words)",
            remedy: "give these people others (\(renewal(inventory))) or wait for their end, then: "
                + "\(Rotation.resume(inventory)); or accept it there with --accept-lost-access REASON",
            status: .refused
        )
    }
}
