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
        if controllers.count > 1, balancers.isEmpty, !isGiven {
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
        if members(.worker).isEmpty, isKnownEmpty("workers") || !positions.isWritten("hosts", "workers") {
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

    private mutating func checkVirtualAddress(_ balancers: Int) {
        let address = spec.loadBalancer.virtualAddress
        if balancers > 1, address == nil {
            problems.add(
                "topology.no-virtual-address",
                at: positions.mark("hosts", "loadBalancers"),
                "\(balancers) load balancers need an address that moves between them",
                fix: "add loadBalancer.virtualAddress, a free address of their network"
            )
        }
        guard let address else { return }
        if balancers == 0 {
            problems.add(
                "topology.virtual-address-without-load-balancers",
                at: positions.mark("loadBalancer", "virtualAddress"),
                "a virtual address, but no load balancer to carry it",
                fix: "list hosts under hosts.loadBalancers, or remove loadBalancer.virtualAddress"
            )
        }
        if balancers == 1 {
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
        let mark = positions.mark("hosts", positions.isWritten("hosts", "etcd") ? "etcd" : "controllers")
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
