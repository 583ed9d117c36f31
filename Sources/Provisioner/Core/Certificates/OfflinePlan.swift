/// A plan for a cluster in which nothing can be asked, because every certificate has ended.
///
/// Guards ask other members with certificates that have ended too, and nothing serves that a rolling order could keep
/// up: services start again as soon as what they need stands, in the order of the hard way.
package enum OfflinePlan {
    package static func make(from plan: Plan) -> Plan {
        Plan(
            cluster: plan.cluster,
            lanes: plan.lanes.map { lane in
                Plan.Lane(host: lane.host, stages: lane.stages.map(offline))
            }
        )
    }

    private static func offline(_ stage: Stage) -> Stage {
        var stage = stage
        stage.rolling = nil
        stage.resources = stage.resources.map { ($0 as? ServiceResource)?.unguarded ?? $0 }
        return stage
    }
}
