import ProvisionCore
import ProvisionEngine
import Templates

/// A plan for programs: a versioned contract.
struct PlanDocument: Encodable {
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
