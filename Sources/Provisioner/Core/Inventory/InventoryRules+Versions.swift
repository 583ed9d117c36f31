import Templates

extension InventoryRules {
    mutating func checkVersions() {
        let kubernetes = spec.versions.kubernetes
        guard kubernetes.major == 1, SupportMatrix.minors.contains(kubernetes.minor) else {
            problems.add(
                "versions.kubernetes-unsupported",
                at: positions.mark("versions", "kubernetes"),
                "Kubernetes \(kubernetes) is not supported",
                fix:
                    "choose a version from 1.\(SupportMatrix.minors.lowerBound) to 1.\(SupportMatrix.minors.upperBound)"
            )
            return
        }
        checkEtcdVersion(kubernetes.minor)
        checkRuntime(kubernetes.minor)
        checkRunc()
        checkCNIPlugins()
        checkProxy(kubernetes.minor)
        checkSources()
    }

    private mutating func checkEtcdVersion(_ minor: Int) {
        let allowed = SupportMatrix.etcdMinors(kubernetes: minor)
        guard let pair = SupportMatrix.majorMinor(spec.versions.etcd), pair.0 != 3 || !allowed.contains(pair.1) else {
            return
        }
        let words = allowed.map { "3.\($0)" }.joined(separator: " or ")
        problems.add(
            "versions.etcd-pair",
            at: positions.mark("versions", "etcd"),
            "etcd \(spec.versions.etcd) does not go with Kubernetes 1.\(minor)",
            fix: "use etcd \(words)"
        )
    }

    private mutating func checkRuntime(_ minor: Int) {
        switch spec.runtime.kind {
        case .containerd:
            guard !SupportMatrix.containerdIsSupported(spec.versions.containerd, kubernetes: minor) else { return }
            problems.add(
                "versions.containerd-pair",
                at: positions.mark("versions", "containerd"),
                "containerd \(spec.versions.containerd) does not go with Kubernetes 1.\(minor)",
                fix: "use containerd \(SupportMatrix.containerdText(kubernetes: minor))"
            )
        case .docker where minor >= 24:
            problems.add(
                "runtime.docker-removed",
                at: positions.mark("runtime", "kind"),
                "Kubernetes 1.\(minor) has no dockershim; it was removed in 1.24",
                fix: "use `kind: containerd`, which runs the same images"
            )
        case .docker:
            problems.warn(
                "runtime.docker",
                at: positions.mark("runtime", "kind"),
                "docker as the runtime ends with Kubernetes 1.23",
                fix: "use `kind: containerd` unless the notes' own way is wanted"
            )
        }
    }

    private mutating func checkRunc() {
        let versions = spec.versions
        guard spec.runtime.kind == .containerd, let own = SupportMatrix.majorMinor(versions.runc),
            let oldest = SupportMatrix.oldestRunc(containerd: versions.containerd), own < oldest
        else { return }
        problems.warn(
            "versions.runc-pair",
            at: positions.mark("versions", "runc"),
            "runc \(versions.runc) is older than any that containerd \(versions.containerd) was tested with",
            fix: "use runc \(oldest.0).\(oldest.1) or newer"
        )
    }

    private mutating func checkCNIPlugins() {
        let oldest = SupportMatrix.oldestCNIPlugins
        guard let own = SupportMatrix.majorMinor(spec.versions.cniPlugins), own < oldest else { return }
        problems.add(
            "versions.cni-pair",
            at: positions.mark("versions", "cniPlugins"),
            "CNI plugins \(spec.versions.cniPlugins) do not know CNI 0.4.0, in which the nodes' network is written",
            fix: "use CNI plugins \(oldest.0).\(oldest.1) or newer"
        )
    }

    private mutating func checkProxy(_ minor: Int) {
        guard spec.features.proxyMode == .nftables, minor < 33 else { return }
        let state =
            switch minor {
            case ..<29: "does not exist in"
            case 29, 30: "is alpha in"
            default: "is beta in"
            }
        problems.add(
            "features.nftables-version",
            at: positions.mark("features", "proxyMode"),
            "kube-proxy's nftables mode \(state) Kubernetes 1.\(minor)",
            fix: "use `proxyMode: iptables`, or Kubernetes 1.33 or newer"
        )
    }

    private mutating func checkSources() {
        switch spec.artifacts.source {
        case .mirror(let url) where url.isEmpty: missing("url")
        case .directory(let path) where path.isEmpty: missing("path")
        case .debian where spec.dns.provider == .coredns:
            problems.add(
                "dns.provider-source",
                at: positions.mark("dns", "provider"),
                "CoreDNS is not in Debian, and `artifacts.source: debian` takes nothing from elsewhere",
                fix: "use `dns.provider: dnsmasq`, whose image is made of Debian packages, or `none`"
            )
        case .debian: checkDebianVersion(spec.versions.kubernetes)
        default: break
        }
    }

    /// The one version that Debian has, or the same source under another name of the same minor release.
    private mutating func checkDebianVersion(_ version: KubernetesVersion) {
        let mark = positions.mark("versions", "kubernetes")
        guard version.minor == 20, version == KubernetesVersion(1, 20, 2) || version.isStampedForTrial else {
            problems.add(
                "artifacts.debian-version",
                at: mark,
                "Debian has the source of Kubernetes 1.20.2 only, not of \(version)",
                fix: "use `kubernetes: 1.20.2`, or another artifacts.source; `1.20.3-lab` tries an upgrade"
            )
            return
        }
        guard version.isStampedForTrial else { return }
        problems.warn(
            "artifacts.debian-stamped",
            at: mark,
            "\(version) is Debian's source of Kubernetes 1.20.2, built again with this name and no other code",
            fix: "keep it for trying upgrades in a lab; nothing is mended by it"
        )
    }

    private mutating func missing(_ key: String) {
        problems.add(
            "artifacts.incomplete",
            at: positions.mark("artifacts", "source"),
            "this source needs `artifacts.\(key)`",
            fix: "add `\(key):` beside `source:`"
        )
    }
}
