import Templates

/// Every path that a process needs is on its host before it starts, and its user may use it.
struct PathCheck: ConsistencyCheck {
    /// Where this tool puts things; elsewhere lies what the distribution brings.
    private static let roots = [
        "/etc/kubernetes/", "/etc/haproxy/", "/etc/keepalived/", "/etc/containerd/", "/etc/cni/", "/opt/cni/",
        "/usr/local/bin/", "/usr/sbin/haproxy", "/usr/sbin/keepalived", "/var/lib/kubelet/", "/var/lib/kube-proxy/",
        "/var/log/kubernetes", "/var/lib/etcd",
    ]

    func violations(in cluster: RenderedCluster) -> [ConsistencyViolation] {
        cluster.hosts.flatMap { host -> [ConsistencyViolation] in
            let providers = Providers(host.resources)
            let roots = Self.roots + [cluster.spec.etcd.dataDirectory]
            return host.units.flatMap { unit in
                let uses = host.uses(of: unit).filter { use in
                    roots.contains(where: use.path.hasPrefix) && !isOperators(use, host.spec)
                }
                return user(unit, host, providers) + uses.compactMap { check($0, unit, host, providers) }
            }
        }
    }

    /// A path that the inventory's own flags or fields name is the operator's to bring.
    private func isOperators(_ use: PathUse, _ host: HostSpec) -> Bool {
        let given = host.extraFlags.values.flatMap(\.values) + host.extraConfiguration.values.flatMap(\.texts)
        return given.contains { $0.contains(use.path) }
    }

    private func user(_ unit: UnitText, _ host: RenderedHost, _ providers: Providers) -> [ConsistencyViolation] {
        if let made = providers.position(ofUser: unit.user), made < providers.start(of: unit.name) { return [] }
        let place = host.place("\(unit.name) User")
        return [
            ConsistencyViolation(
                .userMissing,
                place,
                [Finding(place, unit.user), Finding(host.place("users made before"), nil)],
                remedy: "the plan must make the user \(unit.user) before \(unit.name) starts"
            )
        ]
    }

    private func check(
        _ use: PathUse,
        _ unit: UnitText,
        _ host: RenderedHost,
        _ providers: Providers
    ) -> ConsistencyViolation? {
        let named = Finding(use.place, use.path)
        guard let entry = providers.entry(use.path) ?? logs(use, unit) else {
            return violation(.pathMissing, use, [named], "the plan must create \(use.path) on \(host.name)")
        }
        guard entry.position < providers.start(of: unit.name) else {
            let remedy = "the plan must create it before \(unit.name) starts"
            return violation(.pathLate, use, [named, Finding(host.place(use.path), "comes later")], remedy)
        }
        return denial(use, entry, UnitAccount(unit), host, providers).map { finding in
            violation(.pathDenied, use, [named, finding], "give \(unit.user) access to \(finding.place.item)")
        }
    }

    private func violation(
        _ code: ConsistencyViolation.Code,
        _ use: PathUse,
        _ findings: [Finding],
        _ remedy: String
    ) -> ConsistencyViolation {
        ConsistencyViolation(code, use.place, findings, remedy: remedy)
    }

    /// systemd itself makes `LogsDirectory`.
    private func logs(_ use: PathUse, _ unit: UnitText) -> Providers.Entry? {
        guard use.kind == .write, unit.values("LogsDirectory").contains(where: { "/var/log/\($0)" == use.path })
        else { return nil }
        return Providers.Entry(position: -1, mode: 0o700, owner: unit.user, group: unit.group)
    }

    /// The file itself, or the directory on the way to it, that the process may not use.
    private func denial(
        _ use: PathUse,
        _ entry: Providers.Entry,
        _ account: UnitAccount,
        _ host: RenderedHost,
        _ providers: Providers
    ) -> Finding? {
        let bits: UInt16 = use.kind == .write ? 7 : use.kind == .run ? 1 : 4
        let steps =
            [(use.path, bits, entry)]
            + Providers.parents(of: use.path).compactMap { path in providers.entry(path).map { (path, 1, $0) } }
        return steps.first { !account.may($0.1, $0.2) }.map { path, _, entry in
            let words = "\(String(entry.mode, radix: 8)) \(entry.owner):\(entry.group)"
            return Finding(host.place(path), "\(words), and the process runs as \(account.user)")
        }
    }
}
