import PKI
import ProvisionCore

/// A rotation before anything is done, as people and programs read it.
struct RotationView {
    let roots: [TrustRoot]
    /// The one in progress.
    let rotation: Rotation?
    let spec: ClusterSpec
    /// Whether it is to be taken back; one that is on its way back goes on in that direction.
    var takesBack = false
    /// What stands against it, as far as it was asked for.
    var refusals: [RotationRefusal] = []

    var position: RotationPhase { rotation?.phase ?? .oldOnly }

    private var isRollingBack: Bool { rotation?.isRollingBack ?? false }

    private var stages: [RotationStage] {
        takesBack || isRollingBack
            ? RotationStage.wayBack(of: roots, from: position, isUnderWay: isRollingBack)
            : RotationStage.way(of: roots).filter { $0.phase >= position }
    }

    private var survives: [String] {
        RotationStage.survives(
            roots,
            controllers: spec.hosts(.controller).count,
            members: spec.hosts(.etcd).count
        )
    }

    var lines: [String] {
        let head = rotation.map { ["\($0.id) stands at \($0.place)"] } ?? []
        return head + survives.map { "survives    \($0)" } + stages.flatMap(Self.account)
    }

    private static func account(of stage: RotationStage) -> [String] {
        [stage.phase.rawValue] + stage.does.map { "  does      \($0)" } + stage.restarts.map { "  restarts  \($0)" }
            + stage.gates.map { "  gate      \($0)" }
    }

    func json() -> String {
        // Without a root there is no way to describe, only the refusal that says why.
        let isAboutNothing = roots.isEmpty
        return JSONOutput.text(
            RotationDocument(
                roots: roots.map(\.rawValue),
                position: position.rawValue,
                rotation: rotation?.id,
                rollingBack: isRollingBack,
                survives: isAboutNothing ? [] : survives,
                stages: isAboutNothing ? [] : stages.map(RotationDocument.Stage.init),
                refusals: refusals.map { .init(reason: Sanitised.text($0.reason), remedy: $0.remedy) },
                mayBegin: refusals.isEmpty
            )
        )
    }
}

/// A rotation for programs: a versioned contract.
private struct RotationDocument: Encodable {
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
    let stages: [Stage]
    let refusals: [Refusal]
    /// Whether nothing stands against it; hosts are asked before a new one, not before the next step of one in progress.
    let mayBegin: Bool
}
