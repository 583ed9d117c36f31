import Templates

/// Settings written for the cluster, for a role and for a host; the host is strongest.
struct LayeredSettings {
    let document: LocatedValue

    /// Roles by their names under `roles` and `hosts`, the weakest first.
    static let roles: [(Role, String)] = [
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

    func flags(_ draft: HostDraft) -> [ComponentName: [String: String]] {
        var merged: [ComponentName: [String: String]] = [:]
        for (name, flag) in extras("extraFlags", draft) { merged[name, default: [:]][flag.key] = flag.value.text }
        return merged
    }

    /// Tables of several layers become one, field by field; a value or a list replaces what a weaker layer has there.
    func fields(_ draft: HostDraft) -> [ComponentName: OrderedValue] {
        var merged: [ComponentName: OrderedValue] = [:]
        for (name, field) in extras("extraConfiguration", draft) {
            let layer = OrderedValue(field.value.direct, below: field.fieldPath)
            merged[name] = merged[name]?.merging(layer) ?? layer
        }
        return merged
    }

    /// What is written under a key of components, weakest first.
    private func extras(_ key: String, _ draft: HostDraft) -> [(ComponentName, LocatedValue.Entry)] {
        values(key, draft).flatMap(\.entries).flatMap { component -> [(ComponentName, LocatedValue.Entry)] in
            guard let name = ComponentName(rawValue: component.key) else { return [] }
            return component.value.entries.map { (name, $0) }
        }
    }
}
