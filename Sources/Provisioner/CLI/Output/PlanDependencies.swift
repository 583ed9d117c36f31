import ProvisionCore
import ProvisionEngine

/// What a change must wait for: gates that other changes keep shut, and what changes before it on its own host.
struct PlanDependencies {
    /// Gates that some stage opens only after a change of its own.
    private let shut: Set<Gate>

    init(_ observed: [ObservedLane]) {
        shut = observed.reduce(into: []) { gates, lane in
            for (stage, verdicts) in Self.stages(lane) where verdicts.contains(where: { !$0.isSame }) {
                gates.formUnion(stage.opens)
            }
        }
    }

    /// Each stage of a lane with its resources' verdicts; those of a host that was not reached are missing.
    static func stages(_ lane: ObservedLane) -> [(stage: Stage, verdicts: ArraySlice<Verdict>)] {
        var index = 0
        return lane.lane.stages.map { stage in
            defer { index += stage.resources.count }
            return (stage, lane.verdicts.dropFirst(index).prefix(stage.resources.count))
        }
    }

    /// Names of the gates that a stage waits for now.
    func gates(_ stage: Stage) -> [String] { stage.needs.filter(shut.contains).map(\.rawValue) }

    /// In words, for the first change of a stage; `nil` where nothing holds it.
    func words(_ stage: Stage) -> String? {
        let gates = gates(stage)
        let turn = stage.rolling.map { "one host after another of \($0.rawValue)" }
        let words = [gates.isEmpty ? nil : "after \(gates.joined(separator: ", "))", turn].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
