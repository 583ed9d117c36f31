import Templates

/// What a host is made of: system, kernel, processor, memory, disk.
extension Preflight {
    func system(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let text =
            "\(facts.values["os"] ?? "unknown system"), kernel \(facts.values["kernel"] ?? "?"), \(facts.values["arch"] ?? "?")"
        guard let version = facts.number("systemd"), version >= 245 else {
            return .init(
                "host.system",
                host.name,
                .failure,
                "\(text), no systemd >= 245",
                fix: "use a distribution with systemd 245 or newer"
            )
        }
        guard facts.values["readonly"] == nil else {
            return .init(
                "host.system",
                host.name,
                .failure,
                "/usr/local or /etc is read-only",
                fix: "remount it writable"
            )
        }
        return .init("host.system", host.name, .pass, "\(text), systemd \(version)")
    }

    /// What the chosen features need of a worker's kernel
    /// (https://kubernetes.io/docs/reference/node/kernel-version-requirements); distributions carry some of it back.
    func kernel(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker), let text = facts.values["kernel"] else { return nil }
        let numbers = text.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return nil }
        let have = (numbers[0], numbers[1])
        if spec.features.proxyMode == .nftables, have < (5, 13) {
            return .init(
                "host.kernel",
                host.name,
                .failure,
                "kernel \(text), and kube-proxy's nftables mode needs 5.13",
                fix: "set features.proxyMode: iptables, or take a newer kernel"
            )
        }
        if facts.values["cgroup"] == "cgroup2fs", have < (5, 8) {
            return .init(
                "host.kernel",
                host.name,
                .warning,
                "kernel \(text); cgroup v2 is complete from 5.8 on",
                fix: "take a newer kernel"
            )
        }
        return .init("host.kernel", host.name, .pass, "kernel \(text)")
    }

    /// What is sent to a host is built for the architecture that the inventory gives it.
    func architecture(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard let machine = facts.values["arch"] else { return nil }
        let wanted = host.architecture
        guard machine != wanted.machine else {
            return .init("host.arch", host.name, .pass, "\(machine), as the inventory says")
        }
        let found = MachineArchitecture(machine: machine)
        return .init(
            "host.arch",
            host.name,
            .failure,
            "its processor is \(machine), the inventory takes it for \(wanted.rawValue)",
            fix: found.map { "set architecture: \($0.rawValue)" } ?? "take a host with an amd64 or arm64 processor"
        )
    }

    func cgroup(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker) else { return nil }
        let unified = facts.values["cgroup"] == "cgroup2fs"
        if !unified, spec.versions.kubernetes >= KubernetesVersion(1, 35) {
            return .init(
                "host.cgroup",
                host.name,
                .failure,
                "cgroup v1",
                fix: "Kubernetes 1.35 and newer need cgroup v2: boot with systemd.unified_cgroup_hierarchy=1"
            )
        }
        return .init("host.cgroup", host.name, .pass, unified ? "cgroup v2" : "cgroup v1")
    }

    func memory(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let need = host.has(.controller) ? 1700 : host.has(.worker) ? 900 : 200
        let have = facts.number("memory") ?? 0
        guard have >= need else {
            return .init(
                "host.memory",
                host.name,
                .failure,
                "\(have) MB of memory, needs \(need) MB",
                fix: "give the host more memory"
            )
        }
        return .init("host.memory", host.name, .pass, "\(have) MB of memory")
    }

    func disk(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult {
        let need = host.has(.controller) || host.has(.worker) ? 2000 : 200
        let have = facts.number("disk") ?? 0
        guard have >= need else {
            return .init(
                "host.disk",
                host.name,
                .failure,
                "\(have) MB free in /var/lib, needs \(need) MB",
                fix: "free or add space"
            )
        }
        return .init("host.disk", host.name, .pass, "\(have) MB free in /var/lib")
    }

    /// Some file systems make inodes as they need them and count none, btrfs among them.
    func inodes(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard let have = facts.number("inodes") else { return nil }
        guard have >= 10_000 else {
            return .init(
                "host.inodes",
                host.name,
                .failure,
                "\(have) inodes free in /var/lib, needs 10000",
                fix: "remove small files there, or make the file system anew with more inodes"
            )
        }
        return .init("host.inodes", host.name, .pass, "\(have) inodes free in /var/lib")
    }

    /// Where etcd keeps its data, which may be a disk of its own.
    func etcdDisk(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.etcd), let have = facts.number("etcd-disk") else { return nil }
        let text = "\(have) MB free for \(spec.etcd.dataDirectory)"
        guard have >= 200 else {
            return .init("etcd.disk", host.name, .failure, "\(text), needs 200 MB", fix: "free or add space")
        }
        return .init("etcd.disk", host.name, .pass, text)
    }

    func swap(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.worker) else { return nil }
        guard facts.number("swap") ?? 0 > 0 else { return .init("host.swap", host.name, .pass, "no swap") }
        return spec.features.disableSwap
            ? .init("host.swap", host.name, .warning, "swap is on", fix: "apply turns it off for good")
            : .init(
                "host.swap",
                host.name,
                .failure,
                "swap is on",
                fix: "turn it off, or set features.disableSwap: true"
            )
    }

    /// A file that is read after ours at boot.
    func sysctls(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard host.has(.controller) || host.has(.worker) else { return nil }
        guard facts.lostSettings.isEmpty else {
            return .init(
                "host.sysctl",
                host.name,
                .warning,
                facts.lostSettings.joined(separator: "; "),
                fix: "take it out there: apply refuses until then, since a reboot would undo its own setting"
            )
        }
        return .init("host.sysctl", host.name, .pass, "no other file changes the cluster's kernel settings at boot")
    }

    /// What is written gets the labels of the host's own policy; none is brought.
    func security(_ host: HostSpec, _ facts: HostFacts) -> PreflightResult? {
        guard let mode = facts.values["selinux"] else { return nil }
        guard mode != "Enforcing" else {
            return .init(
                "host.selinux",
                host.name,
                .warning,
                "SELinux is enforcing: what apply makes gets the labels of the host's policy, but directories that "
                    + "were there keep theirs, and neither a policy nor labels for containers are set up",
                fix: "install container-selinux and try one host first, or SELINUX=permissive in /etc/selinux/config"
            )
        }
        return .init("host.selinux", host.name, .pass, "SELinux is \(mode.lowercased())")
    }
}
