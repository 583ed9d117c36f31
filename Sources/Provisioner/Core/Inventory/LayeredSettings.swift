/// Settings written for the cluster, for a role and for a host; the host is strongest.
struct LayeredSettings {
    let document: LocatedValue

    private static let roles: [(Role, String)] = [
        (.loadBalancer, "loadBalancers"), (.etcd, "etcd"), (.controller, "controllers"), (.worker, "workers"),
        (.client, "clients"),
    ]

    /// The layers that apply to a host under a key, weakest first.
    private func values(_ key: String, _ draft: HostDraft) -> [LocatedValue] {
        var layers = [document[key]]
        for (role, name) in Self.roles where draft.roles.contains(role) {
            layers.append(document.at("roles", name, key))
        }
        layers.append(draft.value(key))
        return layers.compactMap { $0 }
    }

    func labels(_ draft: HostDraft) -> [String: String] {
        var labels: [String: String] = [:]
        for layer in values("labels", draft) { for entry in layer.entries { labels[entry.key] = entry.value.text } }
        return labels
    }

    func taints(_ draft: HostDraft) -> [HostSpec.Taint] {
        var taints: [HostSpec.Taint] = []
        for layer in values("taints", draft) {
            for taint in layer.items.compactMap(\.text).compactMap(TextRules.taint) where !taints.contains(taint) {
                taints.append(taint)
            }
        }
        return taints
    }

    func extra(_ key: String, _ draft: HostDraft) -> [ComponentName: [String: String]] {
        var merged: [ComponentName: [String: String]] = [:]
        for layer in values(key, draft) {
            for component in layer.entries {
                guard let name = ComponentName(rawValue: component.key) else { continue }
                for entry in component.value.entries { merged[name, default: [:]][entry.key] = entry.value.text }
            }
        }
        return merged
    }
}
