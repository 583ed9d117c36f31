/// What a cluster needs, host by host: data that can be printed, compared and run.
package struct Plan: Sendable {
    /// One host's stages, in the order of the hard way.
    package struct Lane: Sendable {
        package var host: HostSpec
        package var stages: [Stage]

        package init(host: HostSpec, stages: [Stage]) {
            self.host = host
            self.stages = stages
        }

        package var resources: [any Resource] { stages.flatMap(\.resources) }
    }

    package var cluster: String
    package var lanes: [Lane]
    /// Nodes that may be out of service at once.
    package var maxUnavailable: MaxUnavailable

    package init(cluster: String, lanes: [Lane], maxUnavailable: MaxUnavailable = .count(1)) {
        self.cluster = cluster
        self.lanes = lanes
        self.maxUnavailable = maxUnavailable
    }

    /// Only these hosts' lanes; gates then count only what remains.
    package func limited(to hosts: Set<String>) -> Plan {
        var plan = self
        plan.lanes = lanes.filter { hosts.contains($0.host.name) }
        return plan
    }

    /// Whether it was made with the binaries that its hosts run.
    package var hasBinaries: Bool { lanes.contains { $0.resources.contains { $0 is BinaryResource } } }

    /// Gates that stages wait for and that no host of this plan opens: they are taken for open.
    package var assumedGates: [Gate] {
        let needed = Set(lanes.flatMap { $0.stages.flatMap(\.needs) })
        return needed.filter { openers(of: $0).isEmpty }.sorted { $0.rawValue < $1.rawValue }
    }

    /// Every gate that some stage needs or opens.
    package var gates: Set<Gate> { Set(lanes.flatMap(\.stages).flatMap { $0.needs + $0.opens }) }

    /// The names of the hosts whose stages open a gate.
    package func openers(of gate: Gate) -> [String] {
        lanes.filter { lane in lane.stages.contains { $0.opens.contains(gate) } }.map(\.host.name)
    }
}
