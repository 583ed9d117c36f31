/// Programs that a host must have before anything is sent to it.
extension Preflight {
    /// Those that every host of its roles needs.
    func tools(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let named = Set(NeededPackages(of: host, in: spec).tools + [FactsScript.packetFilter])
        let missing = facts.missingTools.filter { !named.contains($0) }
        guard missing.isEmpty else {
            let list = missing.joined(separator: " ")
            return .init("host.tools", host.name, .failure, "missing: \(list)", fix: "install \(list)")
        }
        return .init("host.tools", host.name, .pass, "all programs that are called are there")
    }

    /// haproxy, keepalived and docker come as Debian's packages; nothing else does.
    func packages(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        let needed = NeededPackages(of: host, in: spec)
        guard !needed.names.isEmpty else { return nil }
        let names = needed.names.joined(separator: " and ")
        let missing = needed.tools.filter { facts.missingTools.contains($0) }
        guard missing.isEmpty else {
            return .init(
                "host.packages",
                host.name,
                .failure,
                "missing: \(missing.joined(separator: " ")), and \(names) \(needed.names.count > 1 ? "come" : "comes") "
                    + "as a package",
                fix: "take a host with Debian or Ubuntu" + otherWay(host)
            )
        }
        let tools = needed.tools.joined(separator: " ")
        return .init("host.packages", host.name, .pass, "has \(tools) for \(names)")
    }

    private func otherWay(_ host: HostSpec) -> String {
        host.has(.loadBalancer)
            ? ", or a load balancer of your own: endpoint.address without hosts.loadBalancers"
            : ", or runtime.kind: containerd"
    }

    /// kube-proxy's nftables mode calls nft, from 1.0.1 on (https://kubernetes.io/docs/reference/networking/virtual-ips).
    func packetFilter(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker), spec.features.proxyMode == .nftables else { return nil }
        let id = "host.nft"
        let needs = "and kube-proxy's nftables mode calls it from 1.0.1 on"
        guard !facts.missingTools.contains(FactsScript.packetFilter) else {
            let fix = "install nftables, or set features.proxyMode: iptables"
            return .init(id, host.name, .failure, "missing: nft, \(needs)", fix: fix)
        }
        let text = facts.values[FactsScript.packetFilter] ?? "of an unknown version"
        let numbers = text.drop { !$0.isNumber }.split(separator: ".").prefix(3).map {
            Int($0.prefix(while: \.isNumber)) ?? 0
        }
        guard numbers.count < 2 || !numbers.lexicographicallyPrecedes([1, 0, 1]) else {
            let fix = "install a newer nftables, or set features.proxyMode: iptables"
            return .init(id, host.name, .failure, "nft \(text), \(needs)", fix: fix)
        }
        return .init(id, host.name, .pass, "nft \(text)")
    }
}
