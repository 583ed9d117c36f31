import ProvisionCore
import Templates

/// A host that left the inventory, as a plan shows it.
struct LeavingHost {
    let departure: Departure
    let steps: [DepartureSteps.Step]
    private let inventory: String

    init(_ departure: Departure, steps: [DepartureSteps.Step], inventory: String) {
        self.departure = departure
        self.steps = steps
        self.inventory = inventory
    }

    var reason: String {
        if departure.isWhole { return "left the inventory" }
        return "lost its part as " + departure.roles.sorted().map(\.rawValue).joined(separator: ", ")
    }

    func lines(_ console: Console) -> [String] {
        let title =
            console.paint(departure.name, .bold)
            + "  \(reason): \(counted(steps.count, "step")); backends and routes to it go with the others' changes"
        return [title]
            + steps.map { "    \(console.paint("-", .red)) \($0.action.title)  \(console.paint(place($0), .dim))" }
            + ["      \(offer)"]
    }

    private func place(_ step: DepartureSteps.Step) -> String {
        switch step.place {
        case .api: "through the API"
        case .etcd: "by a member that stays, after a snapshot"
        case .host: "on the host, if it is reached"
        }
    }

    /// What becomes of the machine itself.
    var offer: String {
        guard departure.isWhole else {
            return departure.roles == [.worker]
                ? "what its other roles and playbooks put there stays"
                : "its other files stay; they go with the host's teardown"
        }
        guard departure.member != nil else { return "nothing is remembered of how to reach it" }
        return "its own teardown: provision teardown --host \(departure.name) \(inventory), or apply --teardown-removed"
    }
}
