import Foundation
import ProvisionCore
import ProvisionEngine
import Templates

/// A plan as it is read: per host, what would change and why, with the files' differences.
struct PlanView {
    let observed: [ObservedLane]
    /// By host, then by path: unified differences.
    let differences: [String: [String: String]]
    let showsSame: Bool
    /// The order in which versions change, where they do.
    var upgrade: UpgradeOutline?
    /// Hosts that left the inventory.
    var departures: [LeavingHost] = []
    /// Playbooks around the changes.
    var hooks: [String] = []

    var isEmpty: Bool { departures.isEmpty && observed.allSatisfy(\.isSame) }

    func text(_ console: Console) -> String {
        let dependencies = PlanDependencies(observed)
        var lines = upgrade.map { [console.paint($0.lines[0], .bold)] + $0.lines.dropFirst() + [""] } ?? []
        for lane in observed {
            lines.append(console.paint(lane.lane.host.name, .bold) + "  " + headline(lane))
            lines += steps(lane, dependencies, console)
        }
        lines += departures.flatMap { $0.lines(console) } + hooks + ["", closing]
        return lines.joined(separator: "\n")
    }

    /// A host that was not reached is never counted as wanted.
    private var closing: String {
        let changes =
            observed.reduce(0) { $0 + $1.verdicts.count { !$0.isSame } }
            + departures.reduce(0) { $0 + $1.steps.count }
        let reached = observed.filter { $0.failure == nil }
        let missing = observed.count - reached.count
        let text =
            changes == 0
            ? "No changes: \(counted(reached.count, "host is", "hosts are")) as wanted"
            : "\(counted(changes, "change")) on \(reached.count { !$0.isSame }) of \(counted(observed.count, "host"))"
        let leaving = departures.isEmpty ? "" : ", \(departures.count) leaving"
        return text + leaving + (missing == 0 ? "." : ", \(missing) not reached.")
    }

    private func headline(_ lane: ObservedLane) -> String {
        if let failure = lane.failure { return "not reached: \(failure.summary)" }
        let changes = lane.verdicts.count { !$0.isSame }
        let all = counted(lane.verdicts.count, "resource")
        return changes == 0 ? "\(all), all as wanted" : "\(changes) of \(all) \(changes == 1 ? "changes" : "change")"
    }

    private func steps(_ lane: ObservedLane, _ dependencies: PlanDependencies, _ console: Console) -> [String] {
        var lines: [String] = []
        var blocked: String?
        for (stage, verdicts) in PlanDependencies.stages(lane) {
            if verdicts.contains(where: { !$0.isSame }), let words = dependencies.words(stage) {
                lines.append("    \(console.paint("\(stage.name): \(words)", .dim))")
            }
            for (resource, verdict) in zip(stage.resources, verdicts) {
                switch verdict {
                case .same(let why):
                    if showsSame { lines.append("    = \(resource.title)  \(console.paint(why, .dim))") }
                case .refused(let why, let remedy):
                    lines.append("    \(console.paint("× refused: \(why)", .red))\n      try \(remedy)")
                case .change(let why, let actions):
                    let titles = actions.map(\.title).joined(separator: ", ")
                    let waits = actions.first?.kind == .wait ? blocked.map { " (depends on \($0))" } ?? "" : ""
                    lines.append("    \(console.paint("~", .yellow)) \(titles)  \(console.paint(why + waits, .dim))")
                    lines += difference(lane.lane.host.name, resource, console)
                    blocked = blocked ?? resource.title
                }
            }
        }
        return lines
    }

    private func difference(_ host: String, _ resource: any Resource, _ console: Console) -> [String] {
        guard let file = resource as? FileResource, let text = differences[host]?[file.file.path] else { return [] }
        return text.split(separator: "\n").map { line in
            let colour: Console.Colour = line.hasPrefix("+") ? .green : line.hasPrefix("-") ? .red : .dim
            return "        " + console.paint(Sanitised.text(line), colour)
        }
    }

    func json() -> String { JSONOutput.text(PlanDocument(self)) }
}
