/// What one host goes through in a playbook: segments in order, each on one host's connection.
package struct PlaybookTurn: Sendable {
    package struct Segment: Sendable {
        package enum Kind: Sendable, Hashable {
            /// On the host itself.
            case here
            /// Only where something up to the next `uncordon` has work to do.
            case drain
            case uncordon
            /// Asked after a reboot, and before a node is given back.
            case health
            case kubectlApply
            /// Seconds until host and node must be back.
            case reboot(Int)
            case collect(SupportCollection)
        }

        package var kind: Kind
        /// Its host is where it runs: the host itself, or a controller.
        package var lane: Plan.Lane

        package init(kind: Kind, lane: Plan.Lane) {
            self.kind = kind
            self.lane = lane
        }

        package var isDelegated: Bool { [.drain, .uncordon, .kubectlApply].contains(kind) }

        /// Whether a drain before it must ask what it would do.
        package var isGuarded: Bool {
            switch kind {
            case .here, .reboot, .kubectlApply: true
            case .drain, .uncordon, .health, .collect: false
            }
        }
    }

    package var host: HostSpec
    package var segments: [Segment]

    package init(host: HostSpec, segments: [Segment]) {
        self.host = host
        self.segments = segments
    }

    /// Everything in one lane, as a plan shows it.
    package var lane: Plan.Lane {
        var seen: Set<String> = []
        let stages = segments.filter { $0.kind != .health }.flatMap { segment in
            segment.lane.stages.map { stage in
                var stage = stage
                // A controller's mark is no matter of this host.
                stage.resources = stage.resources.filter { resource in
                    !(segment.isDelegated && resource is MarkerResource) && seen.insert(resource.id).inserted
                }
                return stage
            }
        }
        return Plan.Lane(host: host, stages: stages.filter { !$0.resources.isEmpty })
    }

    /// The segments between a drain and its uncordon.
    package func guarded(byDrainAt index: Int) -> [Segment] {
        segments[(index + 1)...].prefix { $0.kind != .uncordon }.filter(\.isGuarded)
    }
}
