import Templates

/// What a cluster's components say about themselves, from one observation of every host.
package struct StatusReport: Sendable {
    /// One component on one host.
    package struct Line: Sendable, Hashable {
        package var host: String
        /// The resource's id, for example `health:etcd`.
        package var id: String
        package var title: String
        package var isWell: Bool
        /// Of a service: whether it runs, whatever it runs.
        package var isRunning = false
        package var text: String
    }

    package var lines: [Line] = []
    /// Hosts that were not reached, and why.
    package var unreachable: [String: String] = [:]

    /// Whether the plan holds everything that a service's fingerprint is made of; without the binaries it does not, and
    /// a service is judged by its running alone.
    private let knowsFingerprints: Bool

    package init(knowsFingerprints: Bool = true) { self.knowsFingerprints = knowsFingerprints }

    /// The resources that speak for components: health, services, routes, objects.
    package static func plan(from plan: Plan) -> Plan {
        let kinds = ["health:", "service:", "route:", "manifest:", "access:", "nodes:"]
        var plan = plan
        plan.lanes = plan.lanes.map { lane in
            var lane = lane
            lane.stages = lane.stages.map { stage in
                var stage = stage
                stage.resources = stage.resources.filter { resource in kinds.contains { resource.id.hasPrefix($0) } }
                return stage
            }
            return lane
        }
        return plan
    }

    package mutating func add(host: String, resources: [any Resource], verdicts: [Verdict]) {
        for (resource, verdict) in zip(resources, verdicts) {
            let text: String
            switch verdict {
            case .same(let why), .change(let why, _), .refused(let why, _): text = why
            }
            let isWell = verdict.isSame || (!knowsFingerprints && Self.runs(resource, verdict))
            lines.append(
                Line(
                    host: host,
                    id: resource.id,
                    title: resource.title,
                    isWell: isWell,
                    isRunning: Self.runs(resource, verdict),
                    text: text
                )
            )
        }
    }

    /// Whether a service runs, whatever it runs.
    private static func runs(_ resource: any Resource, _ verdict: Verdict) -> Bool {
        resource is ServiceResource && verdict.actions.allSatisfy { $0.kind != .start }
    }

    /// Whether every host answered and no service of the cluster runs on any, although it was started once.
    package var isStopped: Bool {
        let services = lines.filter { $0.id.hasPrefix("service:") && !$0.id.hasSuffix("provision-routes.service") }
        return unreachable.isEmpty && !services.isEmpty
            && services.allSatisfy { !$0.isRunning && !$0.text.hasPrefix("was never started") }
    }

    package var isWell: Bool { unreachable.isEmpty && lines.allSatisfy(\.isWell) }

    /// etcd in words: how many members answer, whether they are a quorum, and what follows.
    package func etcd(_ spec: ClusterSpec) -> (isWell: Bool, text: String) {
        let members = spec.hosts(.etcd).map(\.name)
        let healthy = members.filter { name in lines.contains { $0.host == name && $0.id == "health:etcd" && $0.isWell }
        }
        let majority = members.count / 2 + 1
        let all = counted(members.count, "member")
        guard healthy.count < members.count else {
            return (true, members.count == 1 ? "\(all) is healthy" : "all \(all) are healthy")
        }
        let ill = members.filter { !healthy.contains($0) }.joined(separator: ", ")
        guard healthy.count >= majority else { return (false, withoutQuorum(members, healthy, majority)) }
        let spare = healthy.count - majority
        return (
            false,
            "\(healthy.count) of \(all) healthy, \(majority) needed; not healthy: \(ill). "
                + "\(spare == 0 ? "No further member may fail" : "\(spare) more may fail")"
        )
    }

    /// A member alone says of itself that it is not healthy: what counts then is how many run.
    private func withoutQuorum(_ members: [String], _ healthy: [String], _ majority: Int) -> String {
        let running = members.filter { name in
            healthy.contains(name)
                || lines.contains { $0.host == name && $0.id == "service:etcd.service" && $0.isRunning }
        }
        let gone = members.filter { !running.contains($0) }.joined(separator: ", ")
        let run = "\(running.count) of \(counted(members.count, "member")) run"
        let advice = "The API cannot write; running pods go on."
        guard running.count < majority else {
            return "NO QUORUM: \(run), but they see no leader. \(advice) "
                + "Look at the network between them and at their journals"
        }
        return
            "NO QUORUM: \(run), \(majority) needed; gone: \(gone). \(advice) "
            + "Bring a member back before anything else"
    }
}
