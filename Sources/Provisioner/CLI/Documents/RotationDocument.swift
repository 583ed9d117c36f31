import PKI
import ProvisionCore

/// A rotation for programs: a versioned contract.
struct RotationDocument: Encodable {
    struct Stage: Encodable {
        let phase: String
        let does: [String]
        let restarts: [String]
        let gates: [String]

        init(_ stage: RotationStage) {
            phase = stage.phase.rawValue
            does = stage.does
            restarts = stage.restarts
            gates = stage.gates
        }
    }

    struct Refusal: Encodable {
        let reason: String
        let remedy: String
    }

    let schema = Version.schema
    let roots: [String]
    let position: String
    /// The id of the one in progress.
    let rotation: String?
    /// Whether it is being taken back; then the stages are those of the way back.
    let rollingBack: Bool
    let survives: [String]
    /// What no gate can see.
    let remarks: [String]
    let stages: [Stage]
    let refusals: [Refusal]
    /// Whether nothing stands against it; hosts are asked before a new one, not before the next step of one in progress.
    let mayBegin: Bool
}
