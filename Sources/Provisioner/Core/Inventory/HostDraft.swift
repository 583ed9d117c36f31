/// A host as the inventory writes it, its mentions under several roles brought together.
struct HostDraft {
    var name: String
    /// Where the name is first written.
    var mark: SourceMark
    var roles: Set<Role>
    private(set) var entries: [LocatedValue.Entry]

    init(name: String, mark: SourceMark, role: Role, entries: [LocatedValue.Entry]) {
        self.name = name
        self.mark = mark
        roles = [role]
        self.entries = entries
    }

    func value(_ key: String) -> LocatedValue? { entries.first { $0.key == key }?.value }

    /// Adds another mention's keys.
    ///
    /// - Returns: Pairs of entries which contradict each other.
    mutating func merge(_ other: [LocatedValue.Entry]) -> [(first: LocatedValue.Entry, second: LocatedValue.Entry)] {
        var conflicts: [(first: LocatedValue.Entry, second: LocatedValue.Entry)] = []
        for entry in other {
            if let present = entries.first(where: { $0.key == entry.key }) {
                if !present.value.isEqual(entry.value), !present.value.isNull, !entry.value.isNull {
                    conflicts.append((present, entry))
                }
            } else {
                entries.append(entry)
            }
        }
        return conflicts
    }
}
