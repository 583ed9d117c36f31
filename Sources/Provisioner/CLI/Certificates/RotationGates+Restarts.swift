import Foundation
import PKI
import ProvisionCore
import ProvisionEngine

/// Pods that must read a new authority or a new token.
extension RotationGates {
    /// Pods of kube-system read their token and their authority once, so they start again.
    ///
    /// What a person must restart holds the rotation up where the next step would lock its pods out: until they trust
    /// the new authority, or have a token of the key that stays. Elsewhere it is only named.
    ///
    /// - Parameters:
    ///   - rotation: Where it stands.
    ///   - root: What they must read anew.
    /// - Throws: `CommandFailure` where a gate does not pass; `TransportError`.
    func restartSystemPods(_ rotation: Rotation, for root: TrustRoot) async throws {
        let left = try await restart(rotation, [root]).system()
        let errands = left.compactMap(\.errand)
        guard !errands.isEmpty else { return tell("pods of kube-system have restarted") }
        guard rotation.needsEveryPod(of: root) else {
            return errands.forEach { tell("‼ \($0); until then its pods read what was in force before") }
        }
        throw CommandFailure(
            "pods of kube-system that nobody restarts would be locked out by the next step: "
                + errands.joined(separator: "; "),
            remedy: "do that, then: \(Rotation.resume(inventory))",
            status: .gateFailed
        )
    }

    /// Pods of other namespaces read the authority when they start: named, and restarted where that was asked for.
    func otherPods(_ rotation: Rotation, for roots: [TrustRoot]) async throws {
        guard rotation.asked?.restartsPods == true else { return try await nameOtherPods() }
        try await restart(rotation, roots).others()
    }

    private func restart(_ rotation: Rotation, _ roots: [TrustRoot]) throws -> PodRestart {
        let host = try first()
        return PodRestart(
            open: { HostSession(host: host.name, transport: try await scripts.connector.open(host)) },
            mark: rotation.restartMark(for: roots),
            remedy: remedy,
            tell: tell,
            goesOn: { if run.context.isInterrupted { throw interruption } }
        )
    }

    private func nameOtherPods() async throws {
        let words = try await scripts.require(
            RotationScripts.otherPods,
            on: try first(),
            attempted: "list what other namespaces run",
            remedy: remedy
        )
        let names = words.split(separator: "\n")
        guard !names.isEmpty else { return tell("no other namespace runs anything that would have to restart") }
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        tell(
            "these read an authority when they start; restart them before the soak ends, or use --restart-pods: "
                + names.prefix(20).joined(separator: ", ") + more
        )
    }
}
