import Templates

/// A host, or a role of one, that left the inventory: what of it the cluster still knows, and the steps that take it out.
package struct Departure: Sendable, Equatable {
    /// The inventory's name; where nothing is remembered, that of the Node or of the member of etcd.
    package let name: String
    /// How to reach it, where that is remembered.
    package let member: ClusterMember?
    /// Roles that it loses; empty where nothing is remembered.
    package let roles: Set<Role>
    /// Whether the whole host left.
    package let isWhole: Bool
    /// The Node that must go.
    package let node: String?
    /// The member of etcd that must go.
    package let etcd: ClusterTruth.EtcdMember?

    package init(
        name: String,
        member: ClusterMember?,
        roles: Set<Role>,
        isWhole: Bool,
        node: String?,
        etcd: ClusterTruth.EtcdMember?
    ) {
        self.name = name
        self.member = member
        self.roles = roles
        self.isWhole = isWhole
        self.node = node
        self.etcd = etcd
    }

    /// The same with what etcd says of it now.
    package func with(etcd: ClusterTruth.EtcdMember?) -> Departure {
        Departure(name: name, member: member, roles: roles, isWhole: isWhole, node: node, etcd: etcd)
    }

    /// Units that stop on the host, the ones first that depend on others.
    package func units(_ wanted: Set<Role>) -> [String] {
        let order: [(Role, [String])] = [
            (.worker, ["kubelet.service", "kube-proxy.service"]),
            (
                .controller,
                ["kube-scheduler.service", "kube-controller-manager.service", "kube-apiserver.service"]
            ),
            (.loadBalancer, ["keepalived.service", "haproxy.service"]),
        ]
        return order.filter { roles.contains($0.0) && wanted.contains($0.0) }.flatMap(\.1)
    }
}

/// All hosts that left, what stands in the way, and what is only remarked.
package struct Departures: Sendable, Equatable {
    package private(set) var leaving: [Departure] = []
    package private(set) var refusals: [EtcdSituation.Refusal] = []
    package private(set) var remarks: [String] = []

    /// Compares an inventory with what is remembered and with what the cluster says.
    ///
    /// - Parameters:
    ///   - spec: The inventory.
    ///   - record: What is remembered; `nil` where nothing is.
    ///   - truth: What API and etcd say.
    ///   - taking: Only these hosts leave, in the inventory or not; empty: whoever left the inventory.
    package init(_ spec: ClusterSpec, record: MembershipRecord?, truth: ClusterTruth, taking: Set<String> = []) {
        let staying = spec.hosts.filter { !taking.contains($0.name) }
        let machines = Dictionary((record?.members ?? []).map { ($0.name, $0.machineID) }) { first, _ in first }
        let taken = spec.hosts.filter { taking.contains($0.name) }
            .map { ClusterMember($0, machineID: machines[$0.name] ?? nil) }
        let isMeant = { (member: ClusterMember) in
            taking.isEmpty || taking.contains(member.name) && !spec.hosts.contains { $0.name == member.name }
        }
        let known = taken + (record?.members ?? []).filter(isMeant)
        leaving = known.compactMap { Self.departure(of: $0, staying, truth) }
        // Who was taken out before counts only where the cluster still knows him.
        let before = (record?.left ?? []).filter(isMeant).compactMap { Self.departure(of: $0, staying, truth) }
        leaving += before.filter { $0.node != nil && truth.nodes != nil || $0.etcd != nil }
        if taking.isEmpty { strangers(staying, truth) }
        for departure in leaving where departure.isWhole && !taking.contains(departure.name) {
            guard let twin = staying.first(where: { $0.internalAddress.description == departure.member?.address })
            else { continue }
            refusals.append(
                .init(
                    why: "\(twin.name) has the address of \(departure.name), which left the inventory",
                    remedy:
                        "keep its name; to rename it, take it out of the inventory, apply with --teardown-removed, add it anew"
                )
            )
        }
        if truth.etcd == nil, leaving.contains(where: { $0.roles.contains(.etcd) }) {
            refusals.append(
                .init(
                    why: "a member of etcd left the inventory, and no member answers that could take it out",
                    remedy: "see provision etcd status; bring a majority of the members back first; "
                        + "where none was ever founded: provision teardown --no-drain --keep-data --host NAME, or the "
                        + "whole teardown, without --host"
                )
            )
        }
    }

    private static func departure(
        of member: ClusterMember,
        _ staying: [HostSpec],
        _ truth: ClusterTruth
    ) -> Departure? {
        let host = staying.first { $0.name == member.name }
        let lost = member.roleSet.subtracting(host?.roles ?? [])
        guard !lost.isEmpty else { return nil }
        let isNode = lost.contains(.worker) && truth.nodes.map { $0[member.nodeName] != nil } ?? true
        let etcd = truth.etcd?.first { entry in
            lost.contains(.etcd) && entry.belongs(to: member.nodeName, at: member.address)
        }
        return Departure(
            name: member.name,
            member: member,
            roles: lost,
            isWhole: host == nil,
            node: isNode ? member.nodeName : nil,
            etcd: etcd
        )
    }

    /// Nodes of ours and members of etcd that neither inventory nor record know.
    private mutating func strangers(_ staying: [HostSpec], _ truth: ClusterTruth) {
        let nodes = Set(staying.filter { $0.has(.worker) }.map(\.nodeName) + leaving.compactMap(\.node))
        for (node, isOurs) in (truth.nodes ?? [:]).sorted(by: { $0.key < $1.key }) where !nodes.contains(node) {
            guard isOurs else {
                remarks.append("node \(node) is not in the inventory and was not made by provision; it stays")
                continue
            }
            add(Departure(name: node, member: nil, roles: [], isWhole: true, node: node, etcd: nil))
        }
        let members = staying.filter { $0.has(.etcd) }
        let gone = Set(leaving.compactMap(\.etcd?.id))
        for entry in truth.etcd ?? [] where !gone.contains(entry.id) {
            let stays = members.contains { entry.belongs(to: $0.nodeName, at: $0.internalAddress.description) }
            guard !stays else { continue }
            let name = entry.name.isEmpty ? entry.address : entry.name
            add(Departure(name: name, member: nil, roles: [], isWhole: true, node: nil, etcd: entry))
        }
    }

    /// Node and member of one host are one departure.
    private mutating func add(_ departure: Departure) {
        guard let index = leaving.firstIndex(where: { $0.name == departure.name }) else {
            return leaving.append(departure)
        }
        let first = leaving[index]
        leaving[index] = Departure(
            name: first.name,
            member: first.member,
            roles: first.roles,
            isWhole: first.isWhole,
            node: first.node ?? departure.node,
            etcd: first.etcd ?? departure.etcd
        )
    }

    package var isEmpty: Bool { leaving.isEmpty }
}
