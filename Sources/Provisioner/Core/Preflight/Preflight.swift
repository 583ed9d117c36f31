import Templates

/// Whether these hosts can be this cluster: facts in, one line per check out.
package struct Preflight: Sendable {
    let spec: ClusterSpec
    private let clusterID: String?

    /// The checks for one cluster.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - clusterID: The credential store's cluster UUID; `nil` before the first apply.
    package init(spec: ClusterSpec, clusterID: String?) {
        self.spec = spec
        self.clusterID = clusterID
    }

    /// Every check of every host that answered, in the inventory's order.
    ///
    /// - Parameters:
    ///   - facts: Of the hosts that are judged.
    ///   - others: Of hosts that these are only compared with: clock, machine-id, product UUID.
    /// - Returns: One line per check and host, and one about this machine's clock.
    package func results(_ facts: [String: HostFacts], beside others: [String: HostFacts] = [:]) -> [PreflightResult] {
        let hosts = spec.hosts.compactMap { host in facts[host.name].map { (host, $0) } }
        let all: [(HostSpec, HostFacts)] =
            hosts + spec.hosts.compactMap { host in others[host.name].map { (host, $0) } }
        let clocks = ClockComparison(Dictionary(all.map { ($0.0.name, $0.1.clockOffset) }) { first, _ in first })
        var results: [PreflightResult] = hosts.flatMap { self.results(of: $0, $1, clocks) }
        if let own = clocks.own { results.append(own) }
        return results + duplicates(all, judged: Set(facts.keys))
    }

    private func results(of host: HostSpec, _ facts: HostFacts, _ clocks: ClockComparison) -> [PreflightResult] {
        let lines: [PreflightResult?] = [
            privilege(host, facts), identity(host, facts), name(host, facts), address(host, facts),
            system(host, facts), kernel(host, facts), architecture(host, facts),
            cgroup(host, facts), tools(host, facts), packages(host, facts), packetFilter(host, facts),
            memory(host, facts), disk(host, facts),
            inodes(host, facts), etcdDisk(host, facts), swap(host, facts), sysctls(host, facts),
            security(host, facts), clocks.result(of: host.name), ports(host, facts),
            reachability(host, facts), fsync(host, facts),
        ]
        return lines.compactMap(\.self)
    }

    private func privilege(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        guard facts.number("uid") == 0 else {
            return .init(
                "ssh.root",
                host.name,
                .failure,
                "commands run as uid \(facts.values["uid"] ?? "?")",
                fix: "set ssh.sudo in the inventory"
            )
        }
        return .init("ssh.root", host.name, .pass, "commands run as root (\(login(host, facts)))")
    }

    /// Who logs in and how root is reached, as the inventory says; the name is the one that sudo saw.
    private func login(_ host: HostSpec, _ facts: HostFacts) -> String {
        let isHere = host.ssh.transport == .local
        let user = facts.values["login"] ?? host.ssh.user ?? "?"
        guard host.ssh.privilege != .direct else { return isHere ? "this machine" : "login as root" }
        let password = host.sshSecrets.sudoPassword == .none ? "without" : "with"
        return "\(isHere ? "as" : "login as") \(user), sudo \(password) password"
    }

    private func identity(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let id = "host.identity"
        if let marker = facts.values["marker"] {
            let owner = marker.split(separator: " ").map(String.init)
            if owner.first == clusterID { return .init(id, host.name, .pass, "belongs to \(spec.name)") }
            return .init(
                id,
                host.name,
                .failure,
                "belongs to another cluster: \(owner.dropFirst().first ?? "?") (\(owner.first ?? "?"))",
                fix: "use that cluster's inventory and credential store, or tear it down first"
            )
        }
        guard facts.leftovers.isEmpty else {
            let list = facts.leftovers.joined(separator: ", ")
            return .init(
                id,
                host.name,
                .failure,
                "leftovers of another cluster: \(list)",
                fix: "remove them or take a fresh host; nothing is adopted"
            )
        }
        return .init(id, host.name, .pass, "free of other clusters")
    }

    /// The kubelet registers under the host's own name, and its certificate is made for the node name.
    private func name(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker) else { return nil }
        let have = facts.values["hostname"] ?? "?"
        guard have.lowercased() == host.nodeName else {
            return .init(
                "host.name",
                host.name,
                .failure,
                "its host name is \(have), the node name is \(host.nodeName)",
                fix: "hostnamectl set-hostname \(host.nodeName), or set nodeName: \(have.lowercased())"
            )
        }
        return .init("host.name", host.name, .pass, "host name and node name are \(have)")
    }

    private func address(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let wanted = host.internalAddress.description
        guard facts.addresses.contains(wanted) else {
            return .init(
                "host.address",
                host.name,
                .failure,
                "does not hold \(wanted)",
                fix: "correct the inventory's internalAddress"
            )
        }
        let interface = spec.loadBalancer.interface
        if host.has(.loadBalancer), spec.loadBalancer.virtualAddress != nil, let own = facts.interfaces[wanted],
            !facts.interfaces.values.contains(interface)
        {
            return .init(
                "host.address",
                host.name,
                .failure,
                "has no interface \(interface) for keepalived; its own address is on \(own)",
                fix: "set loadBalancer.interface: \(own)"
            )
        }
        return .init("host.address", host.name, .pass, "holds \(wanted)")
    }

    private func ports(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let needed = NeededPorts.listening(on: host, in: spec)
        let foreign = facts.listeners.filter { !(needed[$0.port]?.contains($0.process) ?? true) }
        guard foreign.isEmpty else {
            let list = Set(foreign.map(\.description)).sorted().joined(separator: ", ")
            return .init(
                "host.ports",
                host.name,
                .failure,
                "ports in use by others: \(list)",
                fix: "stop those programs"
            )
        }
        return .init("host.ports", host.name, .pass, "ports are free or ours")
    }

    private func reachability(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        guard facts.unreachablePeers.isEmpty else {
            let text = "no answer from \(facts.unreachablePeers.joined(separator: ", "))"
            let hoped = Set(NeededPorts.hoped(from: host, in: spec))
            guard hoped.isSuperset(of: facts.unreachablePeers) else {
                return .init("network.reach", host.name, .failure, text, fix: "open these ports between the hosts")
            }
            return .init(
                "network.reach",
                host.name,
                .warning,
                text,
                fix: "open these ports; a load balancer of yours may be silent while no API server runs, a NodePort "
                    + "where its service wants local pods and has none"
            )
        }
        return .init("network.reach", host.name, .pass, "reaches the ports that it needs")
    }

    private func fsync(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.etcd), let milliseconds = facts.number("fsync") else { return nil }
        guard milliseconds <= 25 else {
            return .init(
                "etcd.fsync",
                host.name,
                .warning,
                "a synced write takes \(milliseconds) ms",
                fix: "etcd wants 10 ms or less: use a faster disk"
            )
        }
        return .init("etcd.fsync", host.name, .pass, "a synced write takes \(milliseconds) ms")
    }

    private func duplicates(_ hosts: [(HostSpec, HostFacts)], judged: Set<String>) -> [PreflightResult] {
        ["machine-id", "product-uuid"].flatMap { key in
            let holders = Dictionary(grouping: hosts) { $0.1.values[key] ?? "" }
            return holders.filter { !$0.key.isEmpty && $0.value.count > 1 && (key == "machine-id" || spec.lab == nil) }
                .filter { $0.value.contains { judged.contains($0.0.name) } }
                .map { value, hosts in
                    let names = hosts.map(\.0.name).joined(separator: ", ")
                    return PreflightResult(
                        "host.unique",
                        hosts[0].0.name,
                        .failure,
                        "\(names) have the same \(key) \(value)",
                        fix: "give each clone an id of its own: systemd-machine-id-setup"
                    )
                }
        }
    }
}
