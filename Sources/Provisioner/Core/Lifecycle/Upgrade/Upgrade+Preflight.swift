package import Templates

/// Whether a change of versions may begin, from what runs now.
extension Upgrade {
    /// What was found, worst last; nothing where every rule holds.
    ///
    /// Rules: no downgrade but where a component takes it; Kubernetes' version skew policy, before, during and after; one
    /// minor release of etcd at a time; nobody needs an API that goes; etcd's data can be copied first.
    package func preflight() -> [PreflightResult] {
        let versions = downgrades + steps + skew + limits + etcdPairs
        return (versions + unreached + room + saved + removals).sorted { $0.level < $1.level }
    }

    private var target: KubernetesVersion { spec.versions.kubernetes }

    // Downgrades.

    private var downgrades: [PreflightResult] {
        grouped(changes.filter(\.isDowngrade)).map { change, hosts in
            let (isAllowed, why) = Self.downgrade(change)
            return PreflightResult(
                "upgrade.downgrade",
                hosts,
                isAllowed ? .warning : .failure,
                "\(change.component.rawValue) \(change.words) is a downgrade; \(why)",
                fix: isAllowed ? "none needed" : Self.mend(change)
            )
        }
    }

    /// Which components take a downgrade, and why the others do not.
    private static func downgrade(_ change: VersionChange) -> (isAllowed: Bool, why: String) {
        switch change.component {
        case .haproxy, .cniPlugins: (true, "it keeps nothing that an older one could not read")
        case .containerd, .docker, .runc:
            if let from = change.from?.line, let to = change.to.line, from == to {
                (true, "within \(from.0).\(from.1) it reads what the newer one wrote")
            } else {
                (false, "an older minor release does not read its metadata")
            }
        case .etcd: (false, "etcd's data may hold what an older one does not know")
        default: (false, "Kubernetes' stored objects are never taken back to an older version")
        }
    }

    private static func mend(_ change: VersionChange) -> String {
        let release = change.from?.text ?? "what runs"
        // No key of the inventory chooses docker's package.
        guard change.component != .docker else { return "let this machine's apt offer docker \(release) or newer" }
        return "set versions.\(key(change.component)) to \(release), or restore a back-up from before"
    }

    private static func key(_ component: VersionedComponent) -> String {
        component.isKubernetes ? "kubernetes" : component == .cniPlugins ? "cniPlugins" : component.rawValue
    }

    // Steps and skew.

    /// Versions of one component on all hosts that were asked, oldest first.
    private func running(_ component: VersionedComponent) -> [(host: String, version: KubernetesVersion)] {
        spec.hosts.compactMap { host in
            facts.running[host.name]?.releases[component].flatMap { KubernetesVersion($0.text) }.map { (host.name, $0) }
        }.sorted { $0.1 < $1.1 }
    }

    /// The API servers go through every minor release.
    private var steps: [PreflightResult] {
        guard isOfKubernetes, let oldest = running(.kubeAPIServer).first, target.minor > oldest.version.minor + 1 else {
            return []
        }
        return [
            PreflightResult(
                "upgrade.minor-step",
                oldest.host,
                .failure,
                "kube-apiserver \(oldest.version) would skip a minor release on its way to \(target)",
                fix: "set versions.kubernetes to a release of 1.\(oldest.version.minor + 1) first"
            )
        ]
    }

    private var skew: [PreflightResult] {
        guard isOfKubernetes else { return [] }
        return nodeSkew + proxySkew + loopSkew
    }

    /// How many minor releases a kubelet or kube-proxy may be older than an API server: three from 1.28 on.
    package static func kubeletSkew(_ version: KubernetesVersion) -> Int { version.minor >= 28 ? 3 : 2 }

    private var nodeSkew: [PreflightResult] {
        facts.nodes.compactMap { node in
            if target < node.kubelet, !changes.contains(where: { $0.component == .kubelet && $0.host == node.name }) {
                return PreflightResult(
                    "upgrade.kubelet-skew",
                    node.name,
                    .failure,
                    "kubelet \(node.kubelet) is newer than the API servers would be (\(target))",
                    fix: "upgrade to \(node.kubelet) or newer, or remove the node"
                )
            }
            return old("kubelet", node.kubelet, node.name)
        }
    }

    private var proxySkew: [PreflightResult] {
        running(.kubeProxy).compactMap { old("kube-proxy", $0.version, $0.host) }
    }

    private func old(_ name: String, _ version: KubernetesVersion, _ host: String) -> PreflightResult? {
        let most = Self.kubeletSkew(target)
        guard target.minor - version.minor > most else { return nil }
        return PreflightResult(
            "upgrade.kubelet-skew",
            host,
            .failure,
            "\(name) \(version) is more than \(most) minor releases older than the API servers would be (\(target))",
            fix: "bring it to 1.\(target.minor - most) or newer first: apply the release that runs now"
        )
    }

    /// Controller-manager and scheduler run one minor release behind the API servers at most, and never ahead.
    private var loopSkew: [PreflightResult] {
        (running(.kubeControllerManager).map { ("kube-controller-manager", $0) }
            + running(.kubeScheduler).map { ("kube-scheduler", $0) }).compactMap { name, seen in
                guard target.minor - seen.version.minor > 1 else { return nil }
                return PreflightResult(
                    "upgrade.control-plane-skew",
                    seen.host,
                    .failure,
                    "\(name) \(seen.version) is more than one minor release older than the API servers would be (\(target))",
                    fix: "apply a release of 1.\(seen.version.minor + 1) first"
                )
            }
    }

    /// A limited run must not make anything newer than an API server that it leaves alone.
    private var limits: [PreflightResult] {
        let inPlan = Set(facts.hosts.map(\.name))
        let followers = changes.filter { $0.component.isKubernetes && $0.component != .kubeAPIServer }
        guard let follower = followers.first,
            let left = running(.kubeAPIServer).first(where: { !inPlan.contains($0.host) && $0.version < target })
        else { return [] }
        return [
            PreflightResult(
                "upgrade.limited",
                follower.host,
                .failure,
                "\(follower.component.rawValue) \(follower.to) would be newer than kube-apiserver \(left.version) on \(left.host)",
                fix: "take all controllers first: --limit for each of them, or no --limit at all"
            )
        ]
    }

    // etcd.

    private var etcdPairs: [PreflightResult] {
        let moving = changes.filter { $0.component == .etcd }
        guard let change = moving.first, let new = change.to.line else { return [] }
        var results: [PreflightResult] = []
        if let old = moving.compactMap(\.from?.line).min(by: <), new.1 > old.1 + 1 {
            results.append(
                PreflightResult(
                    "upgrade.etcd-step",
                    change.host,
                    .failure,
                    "etcd \(change.words) would skip a minor release",
                    fix: "set versions.etcd to a release of 3.\(old.1 + 1) first"
                )
            )
        }
        // A member that once joined as a learner may still be one for 3.6 (etcd-io/etcd 19557, 20793).
        if new == (3, 6), let old = moving.first(where: { $0.from?.line.map { $0 == (3, 5) } ?? false }),
            let from = old.from, from < ComponentRelease("3.5.24")
        {
            results.append(
                PreflightResult(
                    "upgrade.etcd-step",
                    old.host,
                    .failure,
                    "etcd \(old.words): before 3.5.24 a member that joined as a learner may keep 3.6 from starting",
                    fix: "set versions.etcd to 3.5.24 or a later 3.5 first"
                )
            )
        }
        if let api = running(.kubeAPIServer).first,
            !SupportMatrix.etcdMinors(kubernetes: api.version.minor).contains(new.1)
        {
            let minors = SupportMatrix.etcdMinors(kubernetes: api.version.minor).map { "3.\($0)" }
            results.append(
                PreflightResult(
                    "upgrade.etcd-pair",
                    api.host,
                    .failure,
                    "etcd goes first, and \(change.to) does not go with kube-apiserver \(api.version) that runs until then",
                    fix: "upgrade Kubernetes first, with etcd \(minors.joined(separator: " or "))"
                )
            )
        }
        return results
    }

    private var saved: [PreflightResult] {
        guard needsSnapshot, saver == nil else { return [] }
        return [
            PreflightResult(
                "upgrade.snapshot",
                "etcd",
                .failure,
                "no member runs whose data could be copied before the change",
                fix: "bring etcd back first: provision status says what stands"
            )
        ]
    }

    private var unreached: [PreflightResult] {
        guard needsSnapshot else { return [] }
        return spec.hosts.filter { $0.has(.controller) || $0.has(.etcd) }.compactMap { host in
            facts.unreachable[host.name].map {
                PreflightResult(
                    "upgrade.unreachable",
                    host.name,
                    .failure,
                    "what runs there is not known: \($0)",
                    fix: "bring the host back, or take it out of the inventory"
                )
            }
        }
    }

    /// Nobody leaves while as many are away already as may be.
    private var room: [PreflightResult] {
        guard isFull else { return [] }
        let names = unavailable.down.map { host in
            "\(host.name) (\(facts.unreachable[host.name] == nil ? "not Ready" : "not reached"))"
        }
        return [
            PreflightResult(
                "upgrade.unavailable",
                names.joined(separator: ", "),
                .failure,
                "out of service already; with upgrade.maxUnavailable \(spec.upgrade.maxUnavailable) no other may leave",
                fix: "bring back what is away, take it out of the inventory, or raise upgrade.maxUnavailable"
            )
        ]
    }

    /// APIs that go between the oldest API server that runs and the new one.
    package var removedAPIs: [RemovedAPI] {
        guard isOfKubernetes, let oldest = running(.kubeAPIServer).first else { return [] }
        return RemovedAPI.between(oldest.version, target)
    }

    private var removals: [PreflightResult] {
        facts.removed.results(removedAPIs, accepted: Set(spec.upgrade.acceptedRemovals))
    }

    /// The same change on several hosts is one line.
    private func grouped(_ changes: [VersionChange]) -> [(VersionChange, String)] {
        var order: [String] = []
        var hosts: [String: [VersionChange]] = [:]
        for change in changes {
            let key = "\(change.component) \(change.words)"
            if hosts[key] == nil { order.append(key) }
            hosts[key, default: []].append(change)
        }
        return order.compactMap { key in
            hosts[key].flatMap { own in own.first.map { ($0, own.map(\.host).joined(separator: ", ")) } }
        }
    }
}
