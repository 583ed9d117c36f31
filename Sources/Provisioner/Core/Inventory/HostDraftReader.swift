import Templates

/// Reads the lists of hosts; one name in several lists is one host.
struct HostDraftReader {
    let document: LocatedValue
    var problems: ProblemList
    private var drafts: [HostDraft] = []
    private var indexByName: [String: Int] = [:]

    init(document: LocatedValue, problems: ProblemList) {
        self.document = document
        self.problems = problems
    }

    private static let lists: [(key: String, role: Role)] = [
        ("loadBalancers", .loadBalancer), ("controllers", .controller), ("etcd", .etcd), ("workers", .worker),
        ("clients", .client),
    ]

    /// The hosts in the order of the roles and, within a role, of the file.
    mutating func read() -> [HostDraft] {
        guard let hosts = document["hosts"] else { return [] }
        for (key, role) in Self.lists { read(hosts[key]?.items ?? [], role) }
        if let client = hosts["client"] { read([client], .client) }
        if hosts["etcd"] == nil {
            for index in drafts.indices where drafts[index].roles.contains(.controller) {
                drafts[index].roles.insert(.etcd)
            }
        }
        for draft in drafts { requireAddresses(draft) }
        return drafts
    }

    private mutating func read(_ items: [LocatedValue], _ role: Role) {
        for item in items {
            let named = item.text == nil ? item["name"] : item
            guard let named, let name = named.text else { continue }
            add(name, at: named.mark, role, item.entries)
        }
    }

    private mutating func add(_ name: String, at mark: SourceMark, _ role: Role, _ entries: [LocatedValue.Entry]) {
        guard let index = indexByName[name] else {
            indexByName[name] = drafts.count
            drafts.append(HostDraft(name: name, mark: mark, role: role, entries: entries))
            return
        }
        guard drafts[index].roles.insert(role).inserted else {
            problems.add(
                "hosts.duplicate-name",
                at: mark,
                "host `\(name)` is listed twice in the same role",
                fix: "give each host its own name",
                related: (drafts[index].mark, "`\(name)` is first listed here")
            )
            return
        }
        for conflict in drafts[index].merge(entries) {
            problems.add(
                "hosts.conflict",
                at: conflict.second.value.mark,
                "`\(conflict.second.key)` of host `\(name)` differs from what another role says",
                fix: "write it once; in the other lists the name alone is enough",
                related: (conflict.first.value.mark, "first given here")
            )
        }
    }

    /// Whether a host was refused, which a name in another list may mean.
    private var hasRefused: Bool {
        document["hosts"]?.entries.contains { $0.value.isNull || $0.value.items.contains(where: \.isNull) } ?? false
    }

    private mutating func requireAddresses(_ draft: HostDraft) {
        if draft.entries.isEmpty, hasRefused { return }
        guard let address = draft.value("address"), IPv4Address(address.text ?? "")?.bits != 0 else {
            if draft.value("internalAddress") != nil { return }
            problems.add(
                "hosts.no-address",
                at: draft.mark,
                "host `\(draft.name)` has no valid address here or in another role",
                fix: "add `address: A.B.C.D`, or correct the name"
            )
            return
        }
        guard draft.value("internalAddress") == nil, let text = address.text, IPv4Address(text) == nil else { return }
        problems.add(
            "hosts.no-internal-address",
            at: address.mark,
            "`\(text)` is a name; certificates and routes of `\(draft.name)` need an address",
            fix: "add `internalAddress: A.B.C.D`"
        )
    }
}
