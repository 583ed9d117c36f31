import Templates

extension InventoryRules {
    mutating func checkTopology() {
        checkEndpoint()
        checkEndpointListener()
        checkEtcdMembers()
        checkLab()
    }

    private mutating func checkEndpoint() {
        let balancers = members(.loadBalancer)
        let controllers = members(.controller)
        if controllers.isEmpty, isKnownEmpty("controllers") {
            problems.add(
                balancers.isEmpty ? "topology.no-controller" : "topology.load-balancer-without-controllers",
                at: positions.mark("hosts", "controllers"),
                balancers.isEmpty ? "no controller is listed" : "a load balancer has no controllers behind it",
                fix: "list at least one host under hosts.controllers"
            )
        }
        let isGiven = positions.isWritten("endpoint", "address")
        if controllers.count > 1, balancers.isEmpty, !isGiven, isWhole("loadBalancers") {
            problems.add(
                "topology.no-endpoint",
                at: positions.mark("hosts", "controllers"),
                "\(controllers.count) controllers, but no load balancer and no endpoint in front of them",
                fix: "list a host under hosts.loadBalancers, or give endpoint.address of a load balancer of yours"
            )
        }
        checkVirtualAddress(balancers.count)
        for (index, host) in balancers where host.has(.controller) && spec.endpoint.port == 6443 {
            problems.add(
                "topology.port-conflict",
                at: positions.hosts[index].mark,
                "`\(host.name)` is load balancer and controller; both would listen on port 6443",
                fix: "use a host of its own as load balancer, or set endpoint.port to another port"
            )
        }
        let hasHosts = positions.document["hosts"].map { !$0.isNull } ?? false
        if members(.worker).isEmpty, hasHosts, isKnownEmpty("workers") || !positions.isWritten("hosts", "workers") {
            problems.warn(
                "topology.no-worker",
                at: positions.mark("hosts"),
                "no worker is listed: pods, cluster DNS included, will have no place",
                fix: "list at least one host under hosts.workers"
            )
        }
    }

    /// Whether a list is written and holds nothing, not even something that was refused.
    private func isKnownEmpty(_ list: String) -> Bool {
        positions.document.at("hosts", list).map { !$0.isNull && $0.items.isEmpty } ?? false
    }

    /// Whether nothing of a list was refused, so that what is missing is known to be.
    func isWhole(_ list: String) -> Bool {
        guard let value = positions.document.at("hosts", list) else { return true }
        return !value.isNull && value.items.allSatisfy { ($0.text ?? $0["name"]?.text) != nil }
    }

    private mutating func checkVirtualAddress(_ balancers: Int) {
        let address = spec.loadBalancer.virtualAddress
        if balancers > 1, address == nil, !positions.isWritten("loadBalancer", "virtualAddress") {
            problems.add(
                "topology.no-virtual-address",
                at: positions.mark("hosts", "loadBalancers"),
                "\(balancers) load balancers need an address that moves between them",
                fix: "add loadBalancer.virtualAddress, a free address of their network"
            )
        }
        guard let address else { return }
        let isKnown = isWhole("loadBalancers")
        if balancers == 0, isKnown {
            problems.add(
                "topology.virtual-address-without-load-balancers",
                at: positions.mark("loadBalancer", "virtualAddress"),
                "a virtual address, but no load balancer to carry it",
                fix: "list hosts under hosts.loadBalancers, or remove loadBalancer.virtualAddress"
            )
        }
        if balancers == 1, isKnown {
            problems.add(
                "topology.virtual-address-of-one",
                at: positions.mark("loadBalancer", "virtualAddress"),
                "a virtual address, but one load balancer: nobody would carry it",
                fix: "list a second load balancer, or remove loadBalancer.virtualAddress"
            )
        }
        guard let index = spec.hosts.firstIndex(where: { $0.internalAddress == address }) else { return }
        problems.add(
            "hosts.duplicate-address",
            at: positions.mark("loadBalancer", "virtualAddress"),
            "the virtual address \(address) is the address of `\(spec.hosts[index].name)`",
            fix: "choose a free address",
            related: (positions.mark(host: index, "address"), "used here")
        )
    }

    private mutating func checkEtcdMembers() {
        let count = members(.etcd).count
        let list = positions.isWritten("hosts", "etcd") ? "etcd" : "controllers"
        guard isWhole(list) else { return }
        let mark = positions.mark("hosts", list)
        guard count > 0, count.isMultiple(of: 2) else {
            if count > 7 { warnManyMembers(count, mark) }
            return
        }
        let tolerated = (count - 1) / 2
        let arithmetic =
            "\(count) etcd members need \(count / 2 + 1) alive and tolerate \(counted(tolerated, "failure")), "
            + "as \(count - 1) would"
        if count == 2, positions.document.at("etcd", "allowEvenMembers")?.text != "true" {
            problems.add(
                "etcd.two-members",
                at: mark,
                arithmetic + ", and twice as many machines can stop the cluster",
                fix: "use 1 or 3 members, or accept it with `etcd.allowEvenMembers: true`"
            )
        } else {
            problems.warn("etcd.even-members", at: mark, arithmetic, fix: "use \(count - 1) or \(count + 1) members")
        }
    }

    private mutating func warnManyMembers(_ count: Int, _ mark: SourceMark) {
        problems.warn(
            "etcd.many-members",
            at: mark,
            "\(count) etcd members: every write waits for \(count / 2 + 1) of them",
            fix: "use 3, 5 or 7 members"
        )
    }

    private mutating func checkLab() {
        guard let lab = spec.lab, let subnet = CIDR(lab.subnet) else { return }
        for (index, host) in spec.hosts.enumerated()
        where host.internalAddress.bits != 0 && !subnet.contains(host.internalAddress) {
            problems.add(
                "lab.address-outside-subnet",
                at: positions.mark(host: index, "address"),
                "\(host.internalAddress) of `\(host.name)` is outside the lab's network \(subnet)",
                fix: "choose an address inside \(subnet), or change lab.subnet"
            )
        }
    }
}
