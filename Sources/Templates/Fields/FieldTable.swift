/// From which Kubernetes version to which each field of each component's configuration file exists.
package struct FieldTable: Sendable {
    /// The components whose configuration file is one Kubernetes object.
    package enum Component: String, Sendable, Hashable, CaseIterable {
        case kubelet
        case kubeProxy = "kube-proxy"
        case kubeScheduler = "kube-scheduler"
    }

    private struct Field: Sendable {
        var range: FlagTable.Range
        /// The type of what is below it; `nil` where nothing is, or where it is not looked at.
        var type: String?

        init(_ words: [Substring]) {
            let range = words.first { $0.contains("-") }
            self.range = range.map { FlagTable.Range($0) } ?? FlagTable.Range(first: nil, last: nil)
            type = words.first { !$0.contains("-") }.map(String.init)
        }
    }

    /// The type of a table whose names are free: signals, resources, feature gates.
    private static let names = "Names"

    package let component: Component
    /// The type of the file itself.
    private let root: String
    private let types: [String: [String: Field]]

    private init(component: Component, text: String) {
        self.component = component
        let parsed = Self.parse(text)
        root = parsed.first?.type ?? ""
        types = Dictionary(parsed.map { ($0.type, $0.fields) }) { first, _ in first }
    }

    private static func parse(_ text: String) -> [(type: String, fields: [String: Field])] {
        var types: [(type: String, fields: [String: Field])] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasSuffix(":") {
                types.append((type: String(line.dropLast()), fields: [:]))
            } else if let name = words.first, !types.isEmpty {
                types[types.count - 1].fields[String(name)] = Field(Array(words.dropFirst()))
            }
        }
        return types
    }

    private static let tables: [Component: FieldTable] = Dictionary(
        uniqueKeysWithValues: Component.allCases.map { ($0, FieldTable(component: $0, text: text(of: $0))) }
    )

    private static func text(of component: Component) -> String {
        switch component {
        case .kubelet: KubeletFieldNames.table
        case .kubeProxy: KubeProxyFieldNames.table
        case .kubeScheduler: KubeSchedulerFieldNames.table
        }
    }

    /// The table of a component.
    package static func of(_ component: Component) -> FieldTable {
        tables[component] ?? FieldTable(component: component, text: "")
    }

    /// The fields of a type in a version, sorted; without a type those of the file itself.
    package func names(of type: String? = nil, in version: KubernetesVersion) -> [String] {
        (types[type ?? root] ?? [:]).filter { $0.value.range.contains(version) }.keys.sorted()
    }

    /// Whether the file of a version has a field at its top level.
    package func has(_ field: String, in version: KubernetesVersion) -> Bool {
        types[root]?[field]?.range.contains(version) ?? false
    }

    /// Why the file of a version cannot hold the field at the end of some names; `nil` when it can.
    package func problem(at path: [String], in version: KubernetesVersion) -> FieldProblem? {
        var type = root
        for (index, name) in path.enumerated() {
            let place = Array(path.prefix(index))
            if type == Self.names { return split(Array(path.dropFirst(index)), below: place, version) }
            guard let fields = types[type] else { return nil }
            guard let field = fields[name], field.range.contains(version) else {
                return refusal(of: name, at: place, type, version)
            }
            guard let below = field.type else { return nil }
            type = below
        }
        return nil
    }

    private func split(_ rest: [String], below place: [String], _ version: KubernetesVersion) -> FieldProblem? {
        guard rest.count > 1 else { return nil }
        return FieldProblem(
            component: component,
            field: place.joined(separator: "."),
            version: version,
            reason: .unknown,
            splitName: rest.joined(separator: ".")
        )
    }

    private func refusal(
        of name: String,
        at place: [String],
        _ type: String,
        _ version: KubernetesVersion
    ) -> FieldProblem {
        let range = types[type]?[name]?.range
        let nearest = range == nil ? EditDistance.nearest(to: name, among: names(of: type, in: version)) : nil
        return FieldProblem(
            component: component,
            field: (place + [name]).joined(separator: "."),
            version: version,
            reason: Absence(range, in: version),
            nearest: nearest.map { (place + [$0]).joined(separator: ".") }
        )
    }
}
