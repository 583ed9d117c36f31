import Templates

/// Whether these hosts can be this cluster: facts in, one line per check out.
package struct Preflight: Sendable {
    private let spec: ClusterSpec
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
    package func results(_ facts: [String: HostFacts]) -> [PreflightResult] {
        let hosts = spec.hosts.compactMap { host in facts[host.name].map { (host, $0) } }
        let median = Self.median(hosts.map(\.1.clockOffset))
        return hosts.flatMap { host, facts in
            [
                privilege(host, facts), identity(host, facts), name(host, facts), address(host, facts),
                system(host, facts), kernel(host, facts), architecture(host, facts),
                cgroup(host, facts), tools(host, facts), memory(host, facts), disk(host, facts), swap(host, facts),
                clock(host, facts, median), ports(host, facts), reachability(host, facts), fsync(host, facts),
            ].compactMap(\.self)
        } + duplicates(hosts)
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
        return .init("ssh.root", host.name, .pass, "commands run as root")
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

    private func system(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let text =
            "\(facts.values["os"] ?? "unknown system"), kernel \(facts.values["kernel"] ?? "?"), \(facts.values["arch"] ?? "?")"
        guard let version = facts.number("systemd"), version >= 245 else {
            return .init(
                "host.system",
                host.name,
                .failure,
                "\(text), no systemd >= 245",
                fix: "use a distribution with systemd 245 or newer"
            )
        }
        guard facts.values["readonly"] == nil else {
            return .init(
                "host.system",
                host.name,
                .failure,
                "/usr/local or /etc is read-only",
                fix: "remount it writable"
            )
        }
        return .init("host.system", host.name, .pass, "\(text), systemd \(version)")
    }

    /// What the chosen features need of a worker's kernel
    /// (https://kubernetes.io/docs/reference/node/kernel-version-requirements); distributions carry some of it back.
    private func kernel(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker), let text = facts.values["kernel"] else { return nil }
        let numbers = text.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return nil }
        let have = (numbers[0], numbers[1])
        if spec.features.proxyMode == .nftables, have < (5, 13) {
            return .init(
                "host.kernel",
                host.name,
                .failure,
                "kernel \(text), and kube-proxy's nftables mode needs 5.13",
                fix: "set features.proxyMode: iptables, or take a newer kernel"
            )
        }
        if facts.values["cgroup"] == "cgroup2fs", have < (5, 8) {
            return .init(
                "host.kernel",
                host.name,
                .warning,
                "kernel \(text); cgroup v2 is complete from 5.8 on",
                fix: "take a newer kernel"
            )
        }
        return .init("host.kernel", host.name, .pass, "kernel \(text)")
    }

    /// What is sent to a host is built for the architecture that the inventory gives it.
    private func architecture(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard let machine = facts.values["arch"] else { return nil }
        let wanted = host.architecture
        guard machine != wanted.machine else {
            return .init("host.arch", host.name, .pass, "\(machine), as the inventory says")
        }
        let found = MachineArchitecture(machine: machine)
        return .init(
            "host.arch",
            host.name,
            .failure,
            "its processor is \(machine), the inventory takes it for \(wanted.rawValue)",
            fix: found.map { "set architecture: \($0.rawValue)" } ?? "take a host with an amd64 or arm64 processor"
        )
    }

    private func cgroup(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker) else { return nil }
        let unified = facts.values["cgroup"] == "cgroup2fs"
        if !unified, spec.versions.kubernetes >= KubernetesVersion(1, 35) {
            return .init(
                "host.cgroup",
                host.name,
                .failure,
                "cgroup v1",
                fix: "Kubernetes 1.35 and newer need cgroup v2: boot with systemd.unified_cgroup_hierarchy=1"
            )
        }
        return .init("host.cgroup", host.name, .pass, unified ? "cgroup v2" : "cgroup v1")
    }

    private func tools(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        guard facts.missingTools.isEmpty else {
            let list = facts.missingTools.joined(separator: " ")
            return .init("host.tools", host.name, .failure, "missing: \(list)", fix: "install \(list)")
        }
        return .init("host.tools", host.name, .pass, "all programs that are called are there")
    }

    private func memory(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let need = host.has(.controller) ? 1700 : host.has(.worker) ? 900 : 200
        let have = facts.number("memory") ?? 0
        guard have >= need else {
            return .init(
                "host.memory",
                host.name,
                .failure,
                "\(have) MB of memory, needs \(need) MB",
                fix: "give the host more memory"
            )
        }
        return .init("host.memory", host.name, .pass, "\(have) MB of memory")
    }

    private func disk(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let need = host.has(.controller) || host.has(.worker) ? 2000 : 200
        let have = facts.number("disk") ?? 0
        guard have >= need, facts.number("inodes") ?? 0 > 10_000 else {
            return .init(
                "host.disk",
                host.name,
                .failure,
                "\(have) MB free in /var/lib, needs \(need) MB",
                fix: "free or add space"
            )
        }
        return .init("host.disk", host.name, .pass, "\(have) MB free in /var/lib")
    }

    private func swap(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker) else { return nil }
        guard facts.number("swap") ?? 0 > 0 else { return .init("host.swap", host.name, .pass, "no swap") }
        return spec.features.disableSwap
            ? .init("host.swap", host.name, .warning, "swap is on", fix: "apply turns it off for good")
            : .init(
                "host.swap",
                host.name,
                .failure,
                "swap is on",
                fix: "turn it off, or set features.disableSwap: true"
            )
    }

    private func clock(_ host: HostSpec, _ facts: HostFacts, _ median: Int) -> PreflightResult {
        let skew = facts.clockOffset - median
        let text = "\(abs(skew)) ms \(skew < 0 ? "behind" : "ahead of") the median of the hosts"
        guard abs(skew) <= 30_000 else {
            return .init("clock.skew", host.name, .failure, text, fix: "set the clock, for example: chronyc makestep")
        }
        return abs(skew) > 2000
            ? .init("clock.skew", host.name, .warning, text, fix: "run chrony or systemd-timesyncd")
            : .init("clock.skew", host.name, .pass, text)
    }

    private func ports(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let needed = NeededPorts.listening(on: host, in: spec)
        let foreign = facts.listeners.filter { !(needed[$0.port]?.contains($0.process) ?? true) }
        guard foreign.isEmpty else {
            let list = Set(foreign.map { "\($0.port) (\($0.process))" }).sorted().joined(separator: ", ")
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
            let list = facts.unreachablePeers.joined(separator: ", ")
            return .init(
                "network.reach",
                host.name,
                .failure,
                "no answer from \(list)",
                fix: "open these ports between the hosts"
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

    private func duplicates(_ hosts: [(HostSpec, HostFacts)]) -> [PreflightResult] {
        ["machine-id", "product-uuid"].flatMap { key in
            let holders = Dictionary(grouping: hosts) { $0.1.values[key] ?? "" }
            return holders.filter { !$0.key.isEmpty && $0.value.count > 1 && (key == "machine-id" || spec.lab == nil) }
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

    static func median(_ values: [Int]) -> Int { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}
