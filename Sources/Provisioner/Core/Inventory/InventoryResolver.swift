import Templates

/// Applies defaults to a checked document and follows its references; then the rules run over the result.
struct InventoryResolver {
    let document: LocatedValue
    let directory: String
    let context: InventoryContext
    var problems: ProblemList

    /// The cluster, `nil` where hosts are missing so that nothing sensible can be made.
    mutating func resolve() -> ClusterSpec? {
        var drafts = HostDraftReader(document: document, problems: problems)
        let hosts = drafts.read()
        problems = drafts.problems
        let version =
            document.at("versions", "kubernetes")?.text.flatMap { KubernetesVersion($0) } ?? VersionDefaults.kubernetes
        let network = readNetwork()
        let settings = SettingsReader(
            document: document,
            paths: paths,
            version: version,
            workers: hosts.count { $0.roles.contains(.worker) }
        )
        let pki = settings.pki(name: name)
        let resolved = resolveHosts(hosts, network: network, known: context.podNetworks(pki.directory))
        let loadBalancer = settings.loadBalancer
        let lab = settings.lab
        let spec = ClusterSpec(
            name: name,
            versions: settings.versions,
            network: network,
            endpoint: endpoint(resolved, loadBalancer),
            features: settings.features,
            etcd: settings.etcd,
            dns: settings.dns,
            runtime: settings.runtime,
            loadBalancer: loadBalancer,
            pki: pki,
            artifacts: settings.artifacts,
            images: settings.images,
            hosts: resolved,
            lab: lab,
            concurrency: settings.concurrency,
            hooks: settings.hooks,
            upgrade: settings.upgrade
        )
        let positions = InventoryPositions(document: document, hosts: hosts)
        problems = InventoryRules.check(spec, positions, context, problems)
        checkHooks()
        return hosts.isEmpty ? nil : spec
    }

    /// A hook that cannot run is found before any connection, not in the middle of an apply.
    private mutating func checkHooks() {
        for moment in document["hooks"]?.entries ?? [] {
            for item in moment.value.items {
                guard let text = item.text, let problem = context.hookProblem(paths.absolute(text)) else { continue }
                problems.add(
                    "hooks.playbook",
                    at: item.mark,
                    "the playbook `\(text)` cannot be used: \(problem)",
                    fix: "correct it; `provision run \(text) INVENTORY --plan` shows every problem"
                )
            }
        }
    }

    private var name: String { document["name"]?.text ?? "kubernetes-the-hard-way" }
    private var paths: PathResolver { PathResolver(directory: directory, home: context.environment["HOME"]) }

    private func readNetwork() -> NetworkSpec {
        func cidr(_ key: String, _ standard: CIDR) -> CIDR {
            document.at("network", key)?.text.flatMap { CIDR($0) } ?? standard
        }
        let service = cidr("serviceCIDR", NetworkDefaults.service)
        let dns = document.at("network", "clusterDNS")?.text.flatMap { IPv4Address($0) }
        return NetworkSpec(
            serviceCIDR: service,
            podCIDR: cidr("podCIDR", NetworkDefaults.pod),
            clusterDNS: dns ?? service.address(at: 10) ?? service.lastAddress,
            clusterDomain: document.at("network", "clusterDomain")?.text ?? "cluster.local",
            nodePortRange: document.at("network", "nodePortRange")?.text.flatMap(TextRules.portRange) ?? 30000...32767
        )
    }

    /// Workers keep the networks that they have already: one that leaves moves nobody else's.
    private mutating func resolveHosts(
        _ drafts: [HostDraft],
        network: NetworkSpec,
        known: [String: CIDR]
    ) -> [HostSpec] {
        let nodePrefix = document.at("network", "nodePrefixLength")?.text.flatMap { Int($0) } ?? 24
        let workers = drafts.filter { $0.roles.contains(.worker) }
        let cluster = network.podCIDR
        let given = workers.map { $0.value("podCIDR")?.text.flatMap { CIDR($0) } }
        let isFree = { (part: CIDR) in cluster.contains(part) && !given.contains(part) }
        let allocated = PodNetworkAllocation.allocate(
            given: zip(workers, given).map { worker, network in
                network ?? known[worker.name].flatMap { isFree($0) ? $0 : nil }
            },
            from: network.podCIDR,
            nodePrefixLength: nodePrefix
        )
        let byName = Dictionary(zip(workers.map(\.name), allocated), uniquingKeysWith: { first, _ in first })
        // A wrong length is reported as such.
        let isLengthWrong = nodePrefix < cluster.prefixLength && document.at("network", "nodePrefixLength") != nil
        for worker in workers where byName[worker.name] == .some(nil) && !isLengthWrong {
            problems.add(
                "network.pod-cidr-exhausted",
                at: worker.mark,
                "no pod network is left for `\(worker.name)` in \(network.podCIDR)",
                fix: "widen network.podCIDR, or give smaller ones by network.nodePrefixLength"
            )
        }
        let ssh = SSHReader(
            cluster: document["ssh"],
            lab: document["lab"].map { context.labPaths($0["name"]?.text ?? "lab") },
            paths: paths,
            defaultPolicy: context.defaultHostKeyPolicy
        )
        let layers = LayeredSettings(document: document)
        return drafts.map { draft in
            HostResolver(draft: draft, ssh: ssh, layers: layers, architecture: context.architecture)
                .resolve(podCIDR: byName[draft.name] ?? nil)
        }
    }

    /// The API's address: as given, else the load balancer's, else the only controller's.
    private func endpoint(_ hosts: [HostSpec], _ loadBalancer: LoadBalancerSpec) -> EndpointSpec {
        let section = document["endpoint"]
        let balancers = hosts.filter { $0.has(.loadBalancer) }
        let controllers = hosts.filter { $0.has(.controller) }
        let address =
            section?["address"]?.text ?? loadBalancer.virtualAddress?.description
            ?? balancers.first?.internalAddress.description ?? controllers.first?.internalAddress.description ?? ""
        return EndpointSpec(
            address: address,
            port: section?["port"]?.text.flatMap { UInt16($0) } ?? 6443,
            extraSANs: section?["extraSANs"]?.items.compactMap(\.text) ?? []
        )
    }
}
