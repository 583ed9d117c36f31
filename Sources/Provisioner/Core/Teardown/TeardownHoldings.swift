import Templates

/// What on a host is ours, by the receipt or, where that is lost, by comparing with what the plan would write.
struct TeardownHoldings {
    let subject: TeardownPlan.Subject
    let survey: HostSurvey
    let receipt: HostReceipt
    /// Whether the host is marked and its receipt does not tell how it came to be.
    let wasLost: Bool
    /// Files and directories of ours.
    let paths: [String]
    /// Whether a file on the host has exactly our bytes.
    let hasMatches: Bool
    let directories: [ComponentDirectory]

    init(_ subject: TeardownPlan.Subject, _ survey: HostSurvey) {
        self.subject = subject
        self.survey = survey
        wasLost = survey.mark != nil && !survey.receipt.isWhole
        let whole = wasLost ? survey.receipt.sinceLoss : survey.receipt
        receipt = subject.scope.map(whole.limited(to:)) ?? whole
        directories = subject.scope?.directories ?? ComponentDirectory.all(in: subject.spec)
        let matches = Self.matches(subject, survey)
        hasMatches = !matches.isEmpty
        let known =
            wasLost
            ? Set(receipt.paths + Self.written(receipt, survey) + matches).sorted()
            : receipt.paths + receipt.replaced.keys.sorted()
        paths = known.filter { !Self.isTrace($0) }
    }

    /// What lies there as we left it: where something was there before, and came back since, it is not ours.
    private static func written(_ receipt: HostReceipt, _ survey: HostSurvey) -> [String] {
        receipt.hashes.filter { survey.hashes[$0.key] == $0.value }.map(\.key)
    }

    /// Files that the plan would write here.
    var planned: Set<String> {
        let files = subject.lane.resources.filter { !($0 is DirectoryResource) }
        return Set(files.compactMap(TeardownPlan.Subject.path).filter { !Self.isTrace($0) })
    }

    private static func isTrace(_ path: String) -> Bool {
        path.hasPrefix("/etc/provision") || path.hasPrefix("/var/lib/provision")
    }

    var keepsData: Bool { subject.keepsData }

    private static func matches(_ subject: TeardownPlan.Subject, _ survey: HostSurvey) -> [String] {
        subject.lane.resources.compactMap { resource in
            if let file = resource as? FileResource {
                return survey.hashes[file.file.path] == file.digest ? file.file.path : nil
            }
            guard let binary = resource as? BinaryResource, let hash = survey.hashes[binary.path] else { return nil }
            return binary.uploads.values.contains { $0.sha256 == hash } ? binary.path : nil
        }
    }

    /// Whether the unit file is ours: written by us, or exactly what the plan would write.
    func owns(unit: String) -> Bool { paths.contains("/etc/systemd/system/\(unit)") }

    /// Whether pods ran here by our doing.
    var hasPods: Bool { ["kubelet.service", "kube-proxy.service", "containerd.service"].contains(where: owns) }

    /// The component's directory that a path lies in, if any.
    func component(of path: String) -> ComponentDirectory? {
        directories.first { path == $0.path || path.hasPrefix($0.path + "/") }
    }

    /// Mounts below our directories that no component of ours made.
    var foreignMounts: [MountPoint] {
        let traces = subject.scope == nil ? ["/var/lib/provision", "/etc/provision"] : []
        let folders = paths.filter { survey.nodes[$0]?.kind == .directory }
        let roots = traces + directories.filter(isOurs).map(\.path) + folders
        return survey.mounts.filter { mount in
            guard mount.owner == .foreign, receipt.present["dir:\(mount.path)"] == nil else { return false }
            return roots.contains(where: mount.isUnder)
        }
    }

    /// What a component of ours mounted there, if one did: docker may be somebody else's.
    func purpose(of mount: MountPoint) -> String? {
        guard case .component(let what) = mount.owner else { return nil }
        return !mount.isBelowDocker || component(of: mount.path).map(isOurs) == true ? what : nil
    }

    /// A component's directory is ours where its unit is, and where it was not there before.
    func isOurs(_ directory: ComponentDirectory) -> Bool {
        (directory.units.isEmpty ? receipt.hasBaseline : directory.units.contains(where: owns))
            && receipt.present["dir:\(directory.path)"] != "full"
    }

    /// Whether a package came with the cluster and no other needs it.
    func loses(package: String) -> Bool {
        receipt.packages.contains(package) && !survey.list("needed").contains(package)
    }

    /// Whether the routes to other nodes' pods go: a controller that stays needs them.
    var losesRoutes: Bool { subject.scope?.units.contains("provision-routes.service") ?? true }

    /// Directories that others use too, where none of what stays needs them.
    var shared: [String] { ComponentDirectory.shared.filter { subject.scope?.holds(path: $0) ?? true } }

    /// Whether docker runs here by our doing alone.
    var hasDocker: Bool { owns(unit: "docker.service") && loses(package: "docker.io") }

    /// Programs that our units run; people may still hold the others.
    var daemons: [String] {
        let tools: Set = [
            "kubectl", "ctr", "etcdctl", "etcdutl", "runc", "bridge", "host-local", "loopback", "portmap",
        ]
        let own = paths.filter { path in
            path.hasPrefix("/usr/local/bin/") && !tools.contains(path.split(separator: "/").last.map(String.init) ?? "")
        }
        return own + receipt.packages.filter { ["haproxy", "keepalived"].contains($0) }.map { "/usr/sbin/\($0)" }
            + ["docker.io", "containerd"].filter(loses).flatMap { Self.packaged[$0] ?? [] }
    }

    /// What goes on behind a dockerd that was killed: its unit ends no more than one process.
    private static let packaged: [String: [String]] = [
        "docker.io": ["/usr/sbin/dockerd", "/usr/sbin/docker-proxy"],
        "containerd": ["containerd", "containerd-shim", "containerd-shim-runc-v1", "containerd-shim-runc-v2"]
            .map { "/usr/bin/\($0)" },
    ]
}
