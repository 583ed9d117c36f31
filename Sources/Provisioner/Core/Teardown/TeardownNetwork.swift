import Templates

/// Mounts, network namespaces, links, routes and firewall rules.
struct TeardownNetwork {
    private let holdings: TeardownHoldings
    private var survey: HostSurvey { holdings.survey }

    init(_ holdings: TeardownHoldings) { self.holdings = holdings }

    var items: [TeardownItem] {
        foreign + routes + (holdings.hasPods ? mounts + namespaces + links + rules + sets + tables : [])
    }

    private var foreign: [TeardownItem] {
        holdings.foreignMounts.map {
            TeardownItem(
                .mount,
                .blocked,
                $0.path,
                "a \($0.type) that no component of ours mounted: nothing of it is touched; unmount it, then run again"
            )
        }
    }

    /// Deepest first.
    private var mounts: [TeardownItem] {
        survey.mounts.compactMap { mount in
            holdings.purpose(of: mount).map { (mount, $0) }
        }.sorted { $0.0.path.count > $1.0.path.count }.map { mount, what in
            TeardownItem(.mount, .goes, mount.path, what, script: "loose \(ShellQuoting.quote(mount.path))")
        }
    }

    private var namespaces: [TeardownItem] {
        survey.list("netns").map {
            let path = ShellQuoting.quote($0)
            return TeardownItem(
                .namespace,
                .goes,
                $0,
                "a sandbox's network",
                script: "loose \(path); [ -n \"$(mounted \(path))\" ] || rm -f \(path)"
            )
        }
    }

    /// The bridge, where it was not there before, and the pods' ends of cables in it.
    private var links: [TeardownItem] {
        guard survey.links["cni0"] != nil, holdings.receipt.present["link:cni0"] == nil else { return docker }
        let cables = survey.links.filter { $0.key.hasPrefix("veth") && $0.value == "cni0" }.keys.sorted()
        return cables.map { link($0, "a pod's cable") } + [link("cni0", "the pods' bridge")] + docker
    }

    /// The bridge that dockerd makes at its start, where docker came with the cluster.
    private var docker: [TeardownItem] {
        guard survey.links["docker0"] != nil, holdings.hasDocker else { return [] }
        return [link("docker0", "docker's bridge, which no pod uses")]
    }

    private func link(_ name: String, _ reason: String) -> TeardownItem {
        TeardownItem(
            .link,
            .goes,
            name,
            reason,
            script: "m=$(ip link del dev \(name) 2>&1) || [ ! -e /sys/class/net/\(name) ] || left \(name) \"$m\""
        )
    }

    private var routes: [TeardownItem] {
        guard holdings.losesRoutes else { return [] }
        return survey.list("route").map { route in
            TeardownItem(
                .route,
                .goes,
                route,
                "carries our protocol number",
                script: "ip -4 route del \(route) || left \(ShellQuoting.quote("route " + route)) \"cannot be deleted\""
            )
        }
    }

    private func cleanup(_ backend: String) -> FirewallCleanup {
        FirewallCleanup(lines: survey.rules[backend] ?? [], network: "bridge")
    }

    private var rules: [TeardownItem] {
        survey.rules.keys.sorted().compactMap { backend in
            let cleanup = cleanup(backend)
            guard !cleanup.isEmpty else { return nil }
            let restore = "{ \(backend)-restore --noflush 2>&1 || left \(backend) 'the rules were not taken back'; }"
            return TeardownItem(
                .rules,
                .goes,
                backend,
                "\(counted(cleanup.chains, "chain")) of kube-proxy, the kubelet and our pod network, \(counted(cleanup.rules, "rule that jumps", "rules that jump")) to them; all others stay",
                parts: cleanup.names,
                script: HereDocument(content: Array(cleanup.restoreText.utf8)).feeding(restore)
            )
        }
    }

    private var sets: [TeardownItem] {
        survey.list("set").filter { $0.hasPrefix("KUBE-") }.map {
            TeardownItem(
                .set,
                .goes,
                $0,
                "kube-proxy's",
                script: "ipset destroy \($0) 2>&1 || left \($0) \"is in use\""
            )
        }
    }

    /// kube-proxy's own nftables tables, and those that iptables made for it, once they hold nothing any more.
    private var tables: [TeardownItem] {
        let all = survey.list("nft")
        let own = all.filter { $0 == "ip kube-proxy" || $0 == "ip6 kube-proxy" }.map {
            TeardownItem(.table, .goes, $0, "kube-proxy's", script: "nft delete table \($0)")
        }
        guard holdings.receipt.hasBaseline else { return own }
        let families = [("ip", "iptables"), ("ip6", "ip6tables")]
        return own
            + families.flatMap { family, command in
                cleanup("\(command)-nft").tables.filter { table in
                    table.isBare && all.contains("\(family) \(table.name)")
                        && holdings.receipt.present["nft:\(family) \(table.name)"] == nil
                }.map { bare($0.name, family, command) }
            }
    }

    private func bare(_ table: String, _ family: String, _ command: String) -> TeardownItem {
        TeardownItem(
            .table,
            .goes,
            "\(family) \(table)",
            "was not there before and holds nothing else",
            script: """
                if [ -z "$(\(command)-nft -t \(table) -S | grep -v '^-P .* ACCEPT$')" ]; then nft delete table \(family) \(table); \
                else left '\(family) \(table)' 'holds rules of others'; fi
                """
        )
    }
}
