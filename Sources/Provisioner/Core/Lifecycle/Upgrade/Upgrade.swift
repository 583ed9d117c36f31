import Templates

/// A change of versions, or of what pods run on, through a cluster that stands: what changes where, and in which order.
package struct Upgrade: Sendable {
    package let spec: ClusterSpec
    package let facts: UpgradeFacts
    /// By component, then in the inventory's order of hosts.
    package let changes: [VersionChange]
    /// Workers whose pods leave before the change, as they go.
    package let waves: [[HostSpec]]
    /// Workers that are away already, and leave so much less room for a wave.
    package let unavailable: UnavailableNodes
    /// The controller that drains: one without pods of its own where there is one.
    package let driver: HostSpec?

    package init(spec: ClusterSpec, facts: UpgradeFacts) {
        self.spec = spec
        self.facts = facts
        let hosts = spec.hosts.compactMap { host in facts.hosts.first { $0.name == host.name }.map { (host, $0) } }
        changes = VersionedComponent.allCases.flatMap { component in
            hosts.compactMap { host, seen in
                host.has(component.role) && component.belongs(to: spec.runtime.kind)
                    ? Self.change(component, seen, facts.running[host.name], spec) : nil
            }
        }
        let moving = changes
        let drained = hosts.filter { host, seen in
            host.has(.worker) && spec.upgrade.drains && seen.units.contains("kubelet.service")
                && Self.touchesPods(host, seen, moving)
        }
        let reached = spec.hosts(.controller).filter { facts.running[$0.name] != nil }
        let driver = reached.first { !$0.has(.worker) } ?? reached.first
        self.driver = driver
        let nodes = drained.map(\.0)
        let unavailable = UnavailableNodes(spec, facts, drained: nodes)
        self.unavailable = unavailable
        // Whoever drains the others must be through with itself; then those whose change takes nothing away.
        let others = nodes.filter { $0.name != driver?.name }
        let ordered =
            nodes.filter { $0.name == driver?.name } + others.filter(unavailable.contains)
            + others.filter { !unavailable.contains($0) }
        let width = max(1, Self.width(spec) - unavailable.down.count)
        waves = driver == nil ? [] : MaxUnavailable.count(width).waves(of: ordered)
    }

    /// How many of all workers may be out of service at once.
    private static func width(_ spec: ClusterSpec) -> Int {
        spec.upgrade.maxUnavailable.width(among: spec.hosts(.worker).count)
    }

    /// Whether those that are out already are as many as may be, and another one would leave.
    var isFull: Bool {
        unavailable.down.count >= Self.width(spec) && waves.joined().contains { !unavailable.contains($0) }
    }

    private static func change(
        _ component: VersionedComponent,
        _ host: UpgradeFacts.Host,
        _ running: RunningVersions?,
        _ spec: ClusterSpec
    ) -> VersionChange? {
        let sent = component.resources.contains(where: host.changing.contains)
        guard let wanted = component.wanted(spec.versions) ?? host.packages[component.rawValue] else { return nil }
        guard let release = running?.releases[component] else {
            // What does not run cannot be asked; only the files say that something is different.
            let isFile = component == .cniPlugins && host.units.contains("kubelet.service")
            return isFile && sent ? VersionChange(component, host.name, from: nil, to: ComponentRelease(wanted)) : nil
        }
        // Another file under a process of the wanted version is drift; packages have revisions that versions do not say.
        guard !component.isOf(release, wanted) || sent && component.isPackaged else { return nil }
        return VersionChange(component, host.name, from: release, to: ComponentRelease(wanted))
    }

    /// Programs under the pods, settings that only new pods would get or that end them, and those of the kubelet.
    private static func touchesPods(_ host: HostSpec, _ seen: UpgradeFacts.Host, _ changes: [VersionChange]) -> Bool {
        seen.changesRuntimeSettings || seen.changesKubeletSettings
            || changes.contains { $0.host == host.name && VersionedComponent.underPods.contains($0.component) }
    }

    /// Nothing that needs an order of its own.
    package var isEmpty: Bool { changes.isEmpty && waves.isEmpty }

    /// Whether anything of a plan that is due could be an upgrade: a program, a package or a start.
    package static func isDue(_ verdicts: [Verdict]) -> Bool {
        verdicts.flatMap(\.actions).contains { [.upload, .restart, .reload, .run].contains($0.kind) }
    }

    package func changes(of components: [VersionedComponent]) -> [VersionChange] {
        changes.filter { components.contains($0.component) }
    }

    /// Whether Kubernetes itself changes anywhere.
    package var isOfKubernetes: Bool { changes.contains { $0.component.isKubernetes } }

    /// Whether etcd's data could be written by another version than now.
    package var needsSnapshot: Bool { isOfKubernetes || changes.contains { $0.component == .etcd } }

    /// The etcd member whose data is copied before anything changes: any that runs.
    package var saver: HostSpec? {
        spec.hosts(.etcd).first { facts.running[$0.name]?.releases[.etcd] != nil }
    }

    /// What stands on a node as the reason of its cordon; every reason of ours begins in this way.
    package static let reasonPrefix = "upgrade"

    /// Why one node is cordoned; what an earlier run wrote on it stays, so that its continuation finds its own.
    package func reason(_ node: String) -> String {
        let name = spec.hosts.first { $0.name == node }?.nodeName
        let written = facts.nodes.first { $0.name == name }?.cordon
        if let written, written.hasPrefix(Self.reasonPrefix) { return written }
        let own = changes.filter { $0.host == node && VersionedComponent.underPods.contains($0.component) }
        let words = own.map { "\($0.component.rawValue) \($0.words.replacing(" -> ", with: " to "))" }
        let seen = facts.hosts.first { $0.name == node }
        let settings = seen?.changesRuntimeSettings == false ? "settings of the kubelet" : "settings of the runtime"
        return "\(Self.reasonPrefix): \(words.isEmpty ? settings : words.joined(separator: ", "))"
    }

    func drain(_ host: HostSpec) -> NodeDrain {
        NodeDrain(
            node: host.nodeName,
            version: spec.versions.kubernetes,
            reason: reason(host.name),
            timeout: spec.upgrade.drainSeconds,
            force: spec.upgrade.deletesUnmanagedPods
        )
    }

    /// Nodes that an earlier run finished and had no time to give back.
    var forgotten: [HostSpec] {
        let waiting = Set(waves.joined().map(\.nodeName))
        return spec.hosts(.worker).filter { host in
            !waiting.contains(host.nodeName)
                && facts.nodes.contains { $0.name == host.nodeName && $0.cordon?.hasPrefix(Self.reasonPrefix) == true }
                && facts.hosts.contains { $0.name == host.name && $0.units.contains("kubelet.service") }
        }
    }
}
