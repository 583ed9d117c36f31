import Templates

/// What a host's part as worker alone brought there: what goes where the host loses that role and keeps another.
///
/// It names places and settings, whatever is there now; which of them are ours the receipt says.
package struct RoleScope: Sendable {
    /// The host's plan with the role.
    package let former: Plan.Lane
    let units: Set<String>
    /// As dpkg calls them.
    let packages: Set<String>
    let sysctls: Set<String>
    /// Whether no other role needs the kernel modules.
    let losesModules: Bool
    /// Components' directories that fill while it runs.
    let directories: [ComponentDirectory]
    private let paths: Set<String>
    /// What the other roles need.
    private let kept: Set<String>

    /// - Parameters:
    ///   - host: The host with the roles that it keeps.
    ///   - spec: The inventory.
    package init(worker host: HostSpec, in spec: ClusterSpec) {
        var worker = host
        worker.roles.insert(.worker)
        // Which one does not matter to where files lie.
        worker.podCIDR = spec.network.podCIDR
        let former = Self.lane(worker, spec)
        let staying = Self.lane(host, spec).resources
        let needed = Set(staying.map(\.id))
        let going = former.resources.filter { !needed.contains($0.id) }
        let units = Set(going.compactMap { ($0 as? ServiceResource)?.unit })
        var packages = Set(going.compactMap(DebianPackage.name(of:)))
        if packages.contains("docker.io") { packages.formUnion(["containerd", "runc"]) }
        let settings: Set<String> = needed.contains("sysctl") ? Set(SysctlFile(hasPods: false).settings.keys) : []
        self.former = former
        self.units = units
        self.packages = packages
        sysctls = Set(HostBaseline.sysctls).subtracting(settings)
        losesModules = !needed.contains("modules")
        directories = ComponentDirectory.all(in: spec).filter { !units.isDisjoint(with: $0.units) }
        paths = Set(going.compactMap(TeardownPlan.Subject.path)).union(["/run/netns"])
        kept = Set(staying.compactMap(TeardownPlan.Subject.path))
    }

    /// With programs that are only named: where the last worker goes nothing of them is gathered any more.
    private static func lane(_ host: HostSpec, _ spec: ClusterSpec) -> Plan.Lane {
        var spec = spec
        spec.hosts = spec.hosts.map { $0.name == host.name ? host : $0 }
        var materials = ClusterMaterials.placeholders(of: spec)
        let upload = Action.Upload(localPath: "", size: 0, sha256: "")
        for name in programs { materials.uploads[name] = ["x86_64": upload, "aarch64": upload] }
        let lanes = Planner(spec: spec, materials: materials).plan().lanes
        return lanes.first { $0.host.name == host.name } ?? Plan.Lane(host: host, stages: [])
    }

    private static let programs = [
        "kubelet", "kubectl", "kube-proxy", "containerd", "containerd-shim-runc-v2", "ctr", "runc", "bridge",
        "host-local", "loopback", "portmap", "pause", "dns", "smokeTest",
    ]

    /// Whether a path is the role's alone: its files, what lies in its components' directories, directories above them.
    func holds(path: String) -> Bool {
        guard !kept.contains(path), !kept.contains(where: { $0.hasPrefix(path + "/") }) else { return false }
        return paths.contains { $0 == path || $0.hasPrefix(path + "/") }
            || directories.contains { path == $0.path || path.hasPrefix($0.path + "/") }
    }

    /// Whether a line of the receipt is about the role: a path, `package:NAME` or `group:NAME`.
    func holds(entry: String) -> Bool {
        guard let colon = entry.firstIndex(of: ":"), !entry.hasPrefix("/") else { return holds(path: entry) }
        let name = String(entry[entry.index(after: colon)...])
        switch entry[..<colon] {
        case "package": return packages.contains(name)
        case "group": return DebianPackage.groups.contains { $0.value == name && packages.contains($0.key) }
        default: return false
        }
    }

    /// Whether a unit is the role's, or one that swapped before: of all roles it alone has swap turned off.
    func holds(unit: String) -> Bool { units.contains(unit) || unit.hasSuffix(".swap") }
}
