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
            ? "No changes: \(reached.count) hosts are as wanted"
            : "\(changes) changes on \(reached.count { !$0.isSame }) of \(observed.count) hosts"
        let leaving = departures.isEmpty ? "" : ", \(departures.count) leaving"
        return text + leaving + (missing == 0 ? "." : ", \(missing) not reached.")
    }

    private func headline(_ lane: ObservedLane) -> String {
        if let failure = lane.failure { return "not reached: \(failure.summary)" }
        let changes = lane.verdicts.count { !$0.isSame }
        return changes == 0
            ? "\(lane.verdicts.count) resources, all as wanted"
            : "\(changes) of \(lane.verdicts.count) resources change"
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

    func json() -> String {
        JSONOutput.text(PlanDocument(self))
    }
}

/// A plan for programs: a versioned contract.
private struct PlanDocument: Encodable {
    struct Step: Encodable {
        var host: String
        var stage: String
        var id: String
        var verdict: String
        var reason: String
        var actions: [String]
        /// Gates, and ids of steps of the same host, that come first.
        var dependsOn: [String] = []
        /// Unified, of a text file that holds no secret.
        var difference: String?
    }

    let schema = Version.schema
    let unreachable: [String: String]
    let steps: [Step]
    let upgrade: UpgradeOutline?
    let hooks: [String]

    init(_ view: PlanView) {
        hooks = view.hooks
        upgrade = view.upgrade
        unreachable = view.observed.reduce(into: [:]) { $0[$1.lane.host.name] = $1.failure?.summary }
        let dependencies = PlanDependencies(view.observed)
        steps =
            view.observed.flatMap { Self.steps($0, dependencies, view.differences[$0.lane.host.name] ?? [:]) }
            + view.departures.flatMap(Self.steps)
    }

    private static func steps(
        _ lane: ObservedLane,
        _ dependencies: PlanDependencies,
        _ differences: [String: String]
    ) -> [Step] {
        var before: String?
        return PlanDependencies.stages(lane).flatMap { stage, verdicts in
            let gates = dependencies.gates(stage)
            return zip(stage.resources, verdicts).map { resource, verdict in
                var step = Self.step(lane.lane.host.name, stage: stage.name, id: resource.id, verdict)
                guard !verdict.isSame else { return step }
                step.difference = (resource as? FileResource).flatMap { differences[$0.file.path] }
                step.dependsOn = gates
                if verdict.actions.first?.kind == .wait, let before { step.dependsOn.append(before) }
                before = before ?? resource.id
                return step
            }
        }
    }

    private static func steps(_ leaving: LeavingHost) -> [Step] {
        leaving.steps.map { step in
            Step(
                host: leaving.departure.name,
                stage: "departure",
                id: "departure:\(step.action.title)",
                verdict: "change",
                reason: leaving.reason,
                actions: [step.action.title]
            )
        }
    }

    private static func step(_ host: String, stage: String, id: String, _ verdict: Verdict) -> Step {
        let (word, why): (String, String) =
            switch verdict {
            case .same(let why): ("same", why)
            case .change(let why, _): ("change", why)
            case .refused(let why, _): ("refused", why)
            }
        return Step(host: host, stage: stage, id: id, verdict: word, reason: why, actions: verdict.actions.map(\.title))
    }
}
