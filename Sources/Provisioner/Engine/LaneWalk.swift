import ProvisionCore

/// What a lane knows on its way: the answers for what lies ahead, and what it has changed.
struct LaneWalk: Sendable {
    /// For the current stage and all after it.
    private(set) var answers: [ProbeAnswer]
    /// How many of them, from the first on, are of after the lane's last action.
    var fresh: Int
    var changed: Set<String> = []
    var done: [Action] = []
    private var stages = 0
    private var position = 0

    init(answers: [ProbeAnswer]) {
        self.answers = answers
        fresh = answers.count
    }

    /// What to ask about from the current stage on: all up to the next stage that has to act, by what is known.
    ///
    /// Once that one has acted, what lies behind it is asked about again, so that in a first run nothing is asked about
    /// more than twice. Where it has nothing to do any more, the lane looks again behind it.
    func ahead(in lane: Plan.Lane) -> [any Resource] {
        var count = lane.stages.dropFirst(stages).first?.resources.count ?? 0
        for stage in lane.stages.dropFirst(stages + 1) {
            let known = Array(answers.dropFirst(count).prefix(stage.resources.count))
            count += stage.resources.count
            if Observation.judge(stage.resources, answers: known, changed: changed).contains(where: { !$0.isSame }) {
                break
            }
        }
        return Array(lane.resources.dropFirst(position).prefix(count))
    }

    /// What the host has just said of the current stage and of what follows it.
    mutating func take(_ new: [ProbeAnswer]) {
        answers.replaceSubrange(..<min(new.count, answers.count), with: new)
        fresh = new.count
    }

    mutating func leave(_ stage: Stage) {
        stages += 1
        position += stage.resources.count
        answers.removeFirst(min(stage.resources.count, answers.count))
        fresh -= min(stage.resources.count, fresh)
    }
}
