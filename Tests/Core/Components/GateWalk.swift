import ProvisionCore

/// A plan walked without hosts: which lanes end, and where the others wait.
struct GateWalk {
    private let plan: Plan
    /// Stages that each lane has passed.
    private var passed: [Int]

    init(_ plan: Plan) {
        self.plan = plan
        passed = plan.lanes.map { _ in 0 }
        while step() {}
    }

    var stuck: [String] {
        zip(plan.lanes, passed).filter { $0.stages.count > $1 }.map { lane, count in
            "\(lane.host.name) waits in \(lane.stages[count].name)"
        }
    }

    /// Whether any lane went on.
    private mutating func step() -> Bool {
        let open = plan.gates.filter(isOpen)
        var moved = false
        for (index, lane) in plan.lanes.enumerated() where passed[index] < lane.stages.count {
            guard lane.stages[passed[index]].needs.allSatisfy(open.contains) else { continue }
            passed[index] += 1
            moved = true
        }
        return moved
    }

    private func isOpen(_ gate: Gate) -> Bool {
        let openers = zip(plan.lanes, passed).filter { lane, _ in lane.stages.contains { $0.opens.contains(gate) } }
        let done = openers.filter { lane, count in !lane.stages[count...].contains { $0.opens.contains(gate) } }
        let needed = gate.opensWithLast ? openers.count : gate.needed(of: openers.count)
        return openers.isEmpty || done.count >= needed
    }
}
