import ProvisionCore

/// A plan walked step by step, one lane after another as their gates allow: the order in which stages would pass.
struct StageWalk {
    /// `HOST STAGE`, as they passed.
    private(set) var order: [String] = []
    private(set) var stuck: [String] = []

    /// Walks the whole plan.
    ///
    /// - Parameters:
    ///   - plan: What is walked.
    ///   - shift: Which lane goes first; another shift is another order of what may happen side by side.
    init(_ plan: Plan, shift: Int) {
        let lanes = (0..<plan.lanes.count).map { plan.lanes[($0 + shift) % plan.lanes.count] }
        var passed = lanes.map { _ in 0 }
        var isMoving = true
        while isMoving {
            isMoving = false
            for (index, lane) in lanes.enumerated() where passed[index] < lane.stages.count {
                let stage = lane.stages[passed[index]]
                guard stage.needs.allSatisfy({ Self.isOpen($0, lanes, passed) }) else { continue }
                order.append("\(lane.host.name) \(stage.name)")
                passed[index] += 1
                isMoving = true
            }
        }
        stuck = zip(lanes, passed).filter { $0.stages.count > $1 }.map { "\($0.host.name) \($0.stages[$1].name)" }
    }

    private static func isOpen(_ gate: Gate, _ lanes: [Plan.Lane], _ passed: [Int]) -> Bool {
        let openers = zip(lanes, passed).filter { lane, _ in lane.stages.contains { $0.opens.contains(gate) } }
        let done = openers.filter { lane, count in !lane.stages[count...].contains { $0.opens.contains(gate) } }
        return gate.opensWithFirst ? openers.isEmpty || !done.isEmpty : done.count == openers.count
    }

    func position(_ step: String) -> Int? { order.firstIndex(of: step) }

    /// Positions of a stage on every host that has it.
    func positions(_ stage: String) -> [Int] {
        order.enumerated().filter { $0.element.hasSuffix(" \(stage)") }.map(\.offset)
    }
}
