/// An upgrade in words: what becomes what, and who goes when.
package struct UpgradeOutline: Sendable, Encodable, Equatable {
    /// One component or group of them, and the hosts on which it changes.
    package struct Change: Sendable, Encodable, Equatable {
        package var component: String
        package var from: [String]
        package var to: String
        package var hosts: [String]
    }

    package var changes: [Change]
    /// The member whose data is copied before anything changes.
    package var snapshotOn: String?
    /// Nodes as they are drained, changed and given back.
    package var waves: [[String]]
    package var maxUnavailable: String
    /// Nodes that are away already and count against it.
    package var unavailable: [String]
    /// Nodes of an earlier run that are given back first.
    package var uncordonedFirst: [String]
    /// What changes where no version does.
    package var settings: String

    package init(_ upgrade: Upgrade) {
        changes = VersionedComponent.allCases.compactMap { component in
            let own = upgrade.changes(of: [component])
            guard let first = own.first else { return nil }
            let from = Set(own.map { $0.from?.text ?? "unknown" }).sorted()
            return Change(component: component.rawValue, from: from, to: first.to.text, hosts: own.map(\.host))
        }
        snapshotOn = upgrade.needsSnapshot ? upgrade.saver?.name : nil
        waves = upgrade.waves.map { $0.map(\.name) }
        maxUnavailable = upgrade.spec.upgrade.maxUnavailable.description
        unavailable = upgrade.unavailable.down.map(\.name)
        uncordonedFirst = upgrade.forgotten.map(\.name)
        let isOfRuntime = upgrade.facts.hosts.contains(where: \.changesRuntimeSettings)
        settings = "settings of the \(isOfRuntime ? "container runtime" : "kubelet")"
    }

    /// A headline, then one line per step of the order.
    package var lines: [String] { ["upgrade \(headline)"] + steps.map { "    \($0)" } }

    private func change(_ component: VersionedComponent) -> Change? {
        changes.first { $0.component == component.rawValue }
    }

    private func words(_ change: Change) -> String {
        let from = change.from == [change.to] ? "another build of" : "\(change.from.joined(separator: " and ")) ->"
        return "\(from) \(change.to)"
    }

    private var headline: String {
        var parts: [String] = []
        let kubernetes = changes.filter { VersionedComponent(rawValue: $0.component)?.isKubernetes == true }
        if let last = kubernetes.last {
            let from = Set(kubernetes.flatMap(\.from)).sorted()
            parts.append("kubernetes " + words(Change(component: "", from: from, to: last.to, hosts: [])))
        }
        for component in [VersionedComponent.etcd, .haproxy, .containerd, .docker, .runc, .cniPlugins] {
            if let change = change(component) { parts.append("\(component.rawValue) \(words(change))") }
        }
        return parts.isEmpty ? settings : parts.joined(separator: ", ")
    }

    private var steps: [String] {
        var steps: [String] = []
        if let snapshotOn { steps.append("first         a snapshot of etcd on \(snapshotOn), before anything changes") }
        if !uncordonedFirst.isEmpty {
            steps.append("uncordon      \(list(uncordonedFirst)), finished by an earlier run")
        }
        steps.append("etcd          " + (change(.etcd).map { "\(list($0.hosts)), one at a time" } ?? "unchanged"))
        steps.append("haproxy       " + (change(.haproxy).map { "\(list($0.hosts)), reloaded" } ?? "unchanged"))
        let servers = change(.kubeAPIServer).map { "\(list($0.hosts)), one at a time, drained from the load balancer" }
        steps.append("API servers   " + (servers ?? "unchanged"))
        let loops = [change(.kubeControllerManager), change(.kubeScheduler)].compactMap(\.self).flatMap(\.hosts)
        let names = loops.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        steps.append("control loops " + (names.isEmpty ? "unchanged" : "\(list(names)), after all API servers"))
        return steps + nodes
    }

    private var nodes: [String] {
        guard !waves.isEmpty else {
            let proxies = change(.kubeProxy).map { "kube-proxy on \(list($0.hosts)), no drain" }
            let kubelets = change(.kubelet).map { "kubelet on \(list($0.hosts)), no drain" }
            let words = [kubelets, proxies].compactMap(\.self).joined(separator: "; ")
            return ["workers       " + (words.isEmpty ? "unchanged" : words)]
        }
        let groups = waves.map { $0.joined(separator: ", ") }.joined(separator: "; ")
        let width = waves.map(\.count).max() ?? 1
        let away = unavailable.isEmpty ? "" : "; out of service already: \(list(unavailable))"
        return ["workers       in waves of \(width): \(groups); each drained, changed, Ready and uncordoned\(away)"]
    }

    private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
