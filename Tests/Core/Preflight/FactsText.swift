import ProvisionCore

/// What the facts script prints on a host that may become a part of the cluster.
enum FactsText {
    /// The lines of a good host; a change replaces the line with the same first word, `-word` takes it out, and a
    /// line with a new word is added.
    static func of(_ host: HostSpec, _ changes: [String]) -> String {
        let good = [
            "clock 1700000000000", "uid 0", "login ann", "machine-id m-\(host.name)", "product-uuid u-\(host.name)",
            "hostname \(host.name)", "os debian 12", "kernel 6.1.0", "arch x86_64", "cgroup cgroup2fs", "memory 4096",
            "disk 50000", "inodes 1000000", "swap 0", "systemd 252", "system running",
            "address \(host.internalAddress)", "listen 0.0.0.0:22 users:((\"sshd\",pid=1,fd=3))", "etcd-disk 50000",
            "fsync 2",
        ]
        let changed = Set(changes.map { word($0.hasPrefix("-") ? String($0.dropFirst()) : $0) })
        return (good.filter { !changed.contains(word($0)) } + changes.filter { !$0.hasPrefix("-") })
            .joined(separator: "\n") + "\n"
    }

    private static func word(_ line: String) -> String { String(line.prefix { $0 != " " }) }
}
