import Templates

extension InventoryRules {
    private struct Range {
        var title: String
        var network: CIDR
        var mark: SourceMark
    }

    mutating func checkNetworks() {
        let service = Range(
            title: "network.serviceCIDR",
            network: spec.network.serviceCIDR,
            mark: positions.mark("network", "serviceCIDR")
        )
        let pod = Range(
            title: "network.podCIDR",
            network: spec.network.podCIDR,
            mark: positions.mark("network", "podCIDR")
        )
        overlap(pod, service)
        if let lab = spec.lab, let subnet = CIDR(lab.subnet) {
            let range = Range(title: "lab.subnet", network: subnet, mark: positions.mark("lab", "subnet"))
            overlap(service, range)
            overlap(pod, range)
        }
        checkNodePrefix(pod)
        checkNodeAddresses([service, pod])
        checkServiceRange(service)
    }

    private mutating func overlap(_ first: Range, _ second: Range) {
        guard first.network.overlaps(second.network) else { return }
        problems.add(
            "network.overlap",
            at: first.mark,
            "\(first.title) \(first.network) overlaps \(second.title) \(second.network)",
            fix: "choose ranges that share no address",
            related: first.mark == second.mark ? nil : (second.mark, "\(second.title) is set here")
        )
    }

    /// A part is never larger than the whole; without the key one worker may have all of it.
    private mutating func checkNodePrefix(_ pod: Range) {
        guard let value = positions.document.at("network", "nodePrefixLength"), let length = Int(value.text ?? ""),
            length < pod.network.prefixLength
        else { return }
        problems.add(
            "network.node-prefix",
            at: value.mark,
            "a /\(length) for each worker is larger than network.podCIDR \(pod.network), which all of them share",
            fix: "widen network.podCIDR, or give a nodePrefixLength above \(pod.network.prefixLength)",
            related: positions.isWritten("network", "podCIDR") ? (pod.mark, "network.podCIDR is set here") : nil
        )
    }

    private mutating func checkNodeAddresses(_ ranges: [Range]) {
        for (index, host) in spec.hosts.enumerated() {
            for range in ranges where range.network.contains(host.internalAddress) && host.internalAddress.bits != 0 {
                problems.add(
                    "network.node-in-range",
                    at: positions.mark(host: index, addressKey(index)),
                    "address \(host.internalAddress) of `\(host.name)` lies in \(range.title) \(range.network)",
                    fix: "change the address, or choose a range that no host lies in"
                )
            }
        }
        for range in ranges {
            guard let address = spec.loadBalancer.virtualAddress, range.network.contains(address) else { continue }
            problems.add(
                "network.node-in-range",
                at: positions.mark("loadBalancer", "virtualAddress"),
                "the virtual address \(address) lies in \(range.title) \(range.network)",
                fix: "choose an address of the load balancers' own network"
            )
        }
    }

    private func addressKey(_ index: Int) -> String {
        positions.hosts[index].value("internalAddress") == nil ? "address" : "internalAddress"
    }

    private mutating func checkServiceRange(_ service: Range) {
        let network = spec.network
        let mark = positions.mark("network", "clusterDNS")
        if !(12...28).contains(service.network.prefixLength) {
            problems.add(
                "network.service-size",
                at: service.mark,
                "the service network \(service.network) has a prefix length outside 12 to 28",
                fix: "use a network such as 10.32.0.0/24"
            )
        }
        if !service.network.contains(network.clusterDNS) {
            problems.add(
                "network.dns-outside-services",
                at: mark,
                "cluster DNS \(network.clusterDNS) is outside network.serviceCIDR \(service.network)",
                fix: service.network.address(at: 10).map { "use \($0), or remove clusterDNS" }
                    ?? "use an address inside it"
            )
        } else if [network.kubernetesService, service.network.network, service.network.lastAddress].contains(
            network.clusterDNS
        ) {
            problems.add(
                "network.dns-reserved",
                at: mark,
                "cluster DNS \(network.clusterDNS) is reserved: first, last or the `kubernetes` service's own address",
                fix: "use another address of \(service.network)"
            )
        }
    }

    /// Sorted by first address, so that a thousand networks take one pass.
    mutating func checkPodNetworks() {
        var given: [(index: Int, network: CIDR)] = []
        for (index, host) in members(.worker) {
            guard let network = host.podCIDR else { continue }
            given.append((index, network))
            if !spec.network.podCIDR.contains(network) {
                problems.add(
                    "network.pod-cidr-outside",
                    at: positions.mark(host: index, "podCIDR"),
                    "podCIDR \(network) of `\(host.name)` is outside network.podCIDR \(spec.network.podCIDR)",
                    fix: "choose a part of \(spec.network.podCIDR)"
                )
            }
        }
        given.sort { ($0.network.network.bits, $0.index) < ($1.network.network.bits, $1.index) }
        var widest: (index: Int, network: CIDR)?
        for entry in given {
            if let before = widest, before.network.overlaps(entry.network) { addPodOverlap(before, entry) }
            if let before = widest, before.network.lastAddress >= entry.network.lastAddress { continue }
            widest = entry
        }
        for (index, host) in spec.hosts.enumerated()
        where !host.has(.worker) && positions.hosts[index].value("podCIDR") != nil {
            problems.warn(
                "network.pod-cidr-unused",
                at: positions.mark(host: index, "podCIDR"),
                "`\(host.name)` is no worker, so its podCIDR is not used",
                fix: "remove it, or list the host under hosts.workers"
            )
        }
    }

    private mutating func addPodOverlap(_ one: (index: Int, network: CIDR), _ two: (index: Int, network: CIDR)) {
        let (first, second) = one.index < two.index ? (one, two) : (two, one)
        problems.add(
            "network.pod-cidr-overlap",
            at: positions.mark(host: second.index, "podCIDR"),
            "podCIDR \(second.network) of `\(spec.hosts[second.index].name)` overlaps \(first.network) of "
                + "`\(spec.hosts[first.index].name)`",
            fix: "give each worker its own part of \(spec.network.podCIDR)",
            related: (positions.mark(host: first.index, "podCIDR"), "the other one")
        )
    }
}
