import PKI
import ProvisionCore
import Templates

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
    /// How many people are known to live by the authority that goes; `nil` where nobody can tell.
    var people: Int?

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

    /// No list tells of what was given out before it began, so that nothing can be held up for it.
    private var unlisted: [String] {
        guard roots.contains(.kubernetes), rotation?.recovery == nil, stages.contains(where: { $0.phase == .distrust })
        else { return [] }
        let listed = people.map { "\(counted($0, "person is", "people are")) on the list" } ?? "the list cannot be read"
        return [
            "\(listed) of certificates that were given out (issued.jsonl); whoever got one before that list began, or from "
                + "another copy of the store, is not on it and loses access at distrust"
        ]
    }

    var lines: [String] {
        let head = rotation.map { ["\($0.id) stands at \($0.place)"] } ?? []
        return head + survives.map { "survives    \($0)" } + unlisted.map { "people      \($0)" }
            + stages.flatMap(Self.account)
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
                remarks: unlisted,
                stages: isAboutNothing ? [] : stages.map(RotationDocument.Stage.init),
                refusals: refusals.map { .init(reason: Sanitised.text($0.reason), remedy: $0.remedy) },
                mayBegin: refusals.isEmpty
            )
        )
    }
}
