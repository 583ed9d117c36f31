import Templates

extension InventoryRules {
    mutating func checkHosts() {
        var byAddress: [UInt32: Int] = [:]
        var bySSH: [String: Int] = [:]
        var byNode: [String: Int] = [:]
        for (index, host) in spec.hosts.enumerated() {
            let address = host.internalAddress
            if address.bits != 0, let first = byAddress.updateValue(index, forKey: address.bits) {
                duplicate(
                    "address \(address)",
                    first,
                    index,
                    keys: ["internalAddress", "address"],
                    code: "hosts.duplicate-address"
                )
            } else {
                checkConnection(index, host, &bySSH)
            }
            if let first = byNode.updateValue(index, forKey: host.nodeName) {
                duplicate(
                    "node name `\(host.nodeName)`",
                    first,
                    index,
                    keys: ["nodeName"],
                    code: "hosts.duplicate-node-name"
                )
            }
            checkAddress(index, host)
            checkNodeName(index, host)
            checkName(index, host)
            checkSSH(index, host)
        }
    }

    /// Hosts reach each other at this address.
    private mutating func checkAddress(_ index: Int, _ host: HostSpec) {
        guard let kind = host.internalAddress.unusable else { return }
        problems.add(
            "hosts.unusable-address",
            at: ["internalAddress", "address"].compactMap { positions.hosts[index].value($0)?.mark }.first
                ?? positions.hosts[index].mark,
            "\(host.internalAddress) of `\(host.name)` is \(kind), which no other host can reach",
            fix: "give the address that the host has in the network of the others"
        )
    }

    /// The kubelet's certificate has the common name `system:node:NAME`, which X.509 limits to 64 bytes.
    private mutating func checkNodeName(_ index: Int, _ host: HostSpec) {
        let length = "system:node:".utf8.count + host.nodeName.utf8.count
        guard length > 64 else { return }
        problems.add(
            "hosts.long-node-name",
            at: positions.mark(host: index, "nodeName"),
            "the certificate name `system:node:\(host.nodeName)` has \(length) bytes, the limit is 64",
            fix: "use a node name of at most 52 characters"
        )
    }

    /// Every machine calls itself so.
    private mutating func checkName(_ index: Int, _ host: HostSpec) {
        guard host.name == "localhost" || host.nodeName == "localhost" else { return }
        problems.add(
            "hosts.reserved-name",
            at: host.name == "localhost" ? positions.hosts[index].mark : positions.mark(host: index, "nodeName"),
            "`localhost` is what every machine calls itself; the others would reach themselves by it",
            fix: "give the host a name of its own, such as `worker-0`"
        )
    }

    /// Two hosts behind one SSH address and port are one machine, whatever their internal addresses say.
    private mutating func checkConnection(_ index: Int, _ host: HostSpec, _ seen: inout [String: Int]) {
        guard !host.ssh.address.isEmpty, host.ssh.transport != .local else { return }
        let jumps = host.ssh.jumps.map { "\($0.address):\($0.port ?? 22)" }.joined(separator: ",")
        let key = "\(jumps) \(host.ssh.address):\(host.ssh.port ?? 22)"
        guard let first = seen.updateValue(index, forKey: key) else { return }
        duplicate("SSH address \(host.ssh.address)", first, index, keys: ["address"], code: "hosts.duplicate-address")
    }

    private mutating func duplicate(_ what: String, _ first: Int, _ second: Int, keys: [String], code: String) {
        func mark(_ index: Int) -> SourceMark {
            keys.compactMap { positions.hosts[index].value($0)?.mark }.first ?? positions.hosts[index].mark
        }
        problems.add(
            code,
            at: mark(second),
            "\(what) of `\(spec.hosts[second].name)` is already that of `\(spec.hosts[first].name)`",
            fix: "correct one of the two; a host with several roles keeps one name in all lists",
            related: (mark(first), "first used here")
        )
    }

    private mutating func checkSSH(_ index: Int, _ host: HostSpec) {
        if host.ssh.hostKeyPolicy == .no, host.ssh.pinnedHostKeys.isEmpty, spec.lab == nil {
            problems.warn(
                "ssh.host-key-unchecked",
                at: positions.hosts[index].value("ssh")?["hostKeyPolicy"]?.mark
                    ?? positions.mark("ssh", "hostKeyPolicy"),
                "host keys are not checked: anyone on the way can read what is sent, keys included",
                fix: "use accept-new, or pin the keys under ssh.hostKeys"
            )
        }
        if host.ssh.user == "root", host.ssh.privilege == .sudo {
            problems.warn(
                "ssh.sudo-as-root",
                at: positions.hosts[index].value("ssh")?["sudo"]?.mark ?? positions.mark("ssh", "sudo"),
                "the login is root already; sudo is not needed",
                fix: "set `sudo: none`, or log in as another user"
            )
        }
        if host.ssh.transport == .local, let local = spec.hosts.firstIndex(where: { $0.ssh.transport == .local }),
            local != index
        {
            problems.add(
                "ssh.several-local",
                at: positions.hosts[index].mark,
                "`\(spec.hosts[local].name)` and `\(host.name)` both have `transport: local`: they would be one machine",
                fix: "set it in one host's own ssh block only",
                related: (positions.hosts[local].mark, "the other one")
            )
        }
    }
}
