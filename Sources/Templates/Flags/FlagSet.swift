/// The flags of one process in the order in which they are written.
package struct FlagSet: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package let component: FlagTable.Component
    package private(set) var entries: [Entry] = []

    package init(_ component: FlagTable.Component, _ entries: KeyValuePairs<String, String> = [:]) {
        self.component = component
        for (name, value) in entries { self[name] = value }
    }

    /// The value of a flag; setting `nil` removes it, setting a new name appends it.
    package subscript(name: String) -> String? {
        get { entries.first { $0.name == name }?.value }
        set {
            let index = entries.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Adds or replaces flags given by the user, in the order of their names; leading dashes are allowed.
    package func merging(_ extra: [String: String]) -> FlagSet {
        extra.sorted { $0.key < $1.key }.reduce(into: self) { result, flag in
            result[String(flag.key.drop { $0 == "-" })] = flag.value
        }
    }

    /// `--name=value` words.
    package var arguments: [String] { entries.map { "--\($0.name)=\($0.value)" } }

    /// The flags that the component of that version would refuse.
    package func problems(for version: KubernetesVersion) -> [FlagProblem] {
        let table = FlagTable.of(component)
        return entries.compactMap { entry in
            let range = table.range(of: entry.name)
            if let range, range.contains(version) { return nil }
            return FlagProblem(
                component: component,
                flag: entry.name,
                version: version,
                reason: Absence(range, in: version),
                nearest: range == nil ? table.nearest(to: entry.name, in: version) : nil
            )
        }
    }
}
