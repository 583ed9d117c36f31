import ProvisionCore

/// A plan without what differs from run to run: host, stage, gates and resource ids.
enum PlanOutline {
    static func text(_ plan: Plan) -> String {
        plan.lanes.map(lane).joined(separator: "\n")
    }

    private static func lane(_ lane: Plan.Lane) -> String {
        let roles = lane.host.roles.sorted().map(\.rawValue).joined(separator: " ")
        return "\(lane.host.name) (\(roles))\n" + lane.stages.map(stage).joined()
    }

    private static func stage(_ stage: Stage) -> String {
        let notes = [
            stage.needs.isEmpty ? nil : "needs \(stage.needs.map(\.rawValue).joined(separator: " "))",
            stage.opens.isEmpty ? nil : "opens \(stage.opens.map(\.rawValue).joined(separator: " "))",
            stage.rolling.map { "rolling \($0.rawValue)" },
        ].compactMap(\.self)
        let head = "  \(stage.name)\(notes.isEmpty ? "" : "  [\(notes.joined(separator: "; "))]")\n"
        return head + stage.resources.map { "    \($0.id)\n" }.joined()
    }
}
