import PKI
import ProvisionCore
import ProvisionEngine

/// What ended a rotation on its way: hosts have changed before, so it says where that stands and how it goes on.
enum RotationFailure {
    static func placed(_ error: any Error, _ rotation: Rotation, inventory: String) -> any Error {
        let place = "the rotation \(rotation.id) stands at \(rotation.place)"
        let again = Rotation.resume(inventory)
        if let failure = error as? CommandFailure {
            return CommandFailure("\(failure.message)\n  \(place)", remedy: failure.remedy, status: failure.status)
        }
        if let lost = error as? TransportError {
            return CommandFailure(
                "\(lost.host): \(lost.summary)\n  \(place)",
                remedy: "\(lost.remedy); then: \(again)",
                status: lost.stateIsUnknown ? .stateUnknown : .gateFailed
            )
        }
        guard let stored = error as? CredentialStoreError else { return error }
        return CommandFailure(
            "\(stored.subject): \(stored.reason)\n  \(place)",
            remedy: "\(stored.remedy); then: \(again)",
            status: stored.status
        )
    }
}
