import Templates

/// What `extraFlags` and `extraConfiguration` add has a place, and the version knows it.
extension InventoryRules {
    /// What is written under a key for the cluster, for roles and for hosts, by component; empty sections are left out.
    func extras(_ key: String) -> [(ComponentName, LocatedValue.Entry)] {
        let cluster = [positions.document[key]].compactMap(\.self)
        let roles = positions.document["roles"]?.entries.compactMap { $0.value[key] } ?? []
        let hosts = positions.hosts.compactMap { $0.value(key) }
        return components(cluster + roles + hosts)
    }

    private func components(_ sections: [LocatedValue]) -> [(ComponentName, LocatedValue.Entry)] {
        let components = sections.flatMap(\.entries).filter { !$0.value.entries.isEmpty }
        return components.compactMap { component -> (ComponentName, LocatedValue.Entry)? in
            ComponentName(rawValue: component.key).map { ($0, component) }
        }
    }

    /// What is written for a role or a host where no such component runs would be used by nobody.
    mutating func checkReach() {
        for key in ["extraFlags", "extraConfiguration"] {
            for (role, name) in LayeredSettings.roles {
                let section = positions.document.at("roles", name, key)
                for (component, entry) in components([section].compactMap(\.self)) where takes(component, key) {
                    guard component.role != role, !runs(component, under: role) else { continue }
                    refuseUnused(component, at: entry.keyMark, "no host of `\(name)` runs \(component.rawValue)")
                }
            }
            for host in positions.hosts {
                for (component, entry) in components([host.value(key)].compactMap(\.self)) where takes(component, key) {
                    guard !host.roles.contains(component.role) else { continue }
                    refuseUnused(component, at: entry.keyMark, "host `\(host.name)` does not run \(component.rawValue)")
                }
            }
        }
    }

    /// A component that takes nothing under a key is refused for that already.
    private func takes(_ component: ComponentName, _ key: String) -> Bool {
        if key == "extraFlags" { return component.hasFlags }
        return component.hasFields && (component != .containerd || spec.runtime.kind == .containerd)
    }

    /// A host may hold several roles, and settings of each reach whatever it runs.
    private func runs(_ component: ComponentName, under role: Role) -> Bool {
        positions.hosts.contains { $0.roles.isSuperset(of: [role, component.role]) }
    }

    private mutating func refuseUnused(_ component: ComponentName, at mark: SourceMark, _ why: String) {
        let list = LayeredSettings.roles.first { $0.0 == component.role }?.1 ?? component.role.rawValue
        problems.add(
            "flags.unused",
            at: mark,
            "\(why), so nobody would use this",
            fix: "remove it, or write it under `roles.\(list)`, at a host of `hosts.\(list)`, or at the top level"
        )
    }

    mutating func refuseFlags(of component: ComponentName, at mark: SourceMark) {
        let remedy =
            component.hasFields
            ? "use extraConfiguration.\(component.rawValue)" : "remove it; \(Self.ownKeys(component))"
        problems.add("flags.no-flags", at: mark, "\(component.rawValue) takes no flags here", fix: remedy)
    }

    mutating func checkFields() {
        for (name, component) in extras("extraConfiguration") {
            guard name.hasFields else {
                refuseFields(of: name, at: component.keyMark)
                continue
            }
            if name == .containerd, spec.runtime.kind == .docker { refuseUnderDocker(at: component.keyMark) }
            guard let table = FieldTable.Component(rawValue: name.rawValue).map(FieldTable.of) else { continue }
            for field in component.value.entries { check(field, at: field.fieldPath, table) }
        }
    }

    private mutating func refuseFields(of component: ComponentName, at mark: SourceMark) {
        let remedy =
            component.hasFlags ? "use extraFlags.\(component.rawValue)" : "remove it; \(Self.ownKeys(component))"
        problems.add(
            "flags.no-fields",
            at: mark,
            "\(component.rawValue) has no configuration file of named fields here",
            fix: remedy
        )
    }

    private mutating func refuseUnderDocker(at mark: SourceMark) {
        problems.add(
            "flags.no-fields",
            at: mark,
            "with `runtime.kind: docker` containerd is docker's own, and no configuration is written for it",
            fix: "remove it, or use `kind: containerd`"
        )
    }

    /// Where the settings of a component are that takes neither flags nor fields.
    private static func ownKeys(_ component: ComponentName) -> String {
        component == .haproxy
            ? "its configuration is made from endpoint, loadBalancer and the hosts"
            : "nothing can be added to it"
    }

    /// A field that is refused is not looked into; one whose type is not known is accepted as it is.
    private mutating func check(_ field: LocatedValue.Entry, at path: [String], _ table: FieldTable) {
        if let problem = table.problem(at: path, in: spec.versions.kubernetes) {
            problems.add("flags.unknown-field", at: field.keyMark, problem.description, fix: problem.remedy)
            return
        }
        for inner in ([field.value] + field.value.items).flatMap(\.entries) {
            check(inner, at: path + [inner.key], table)
        }
    }
}
