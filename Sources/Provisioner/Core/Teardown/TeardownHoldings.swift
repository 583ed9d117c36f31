import Templates

/// What on a host is ours, by the receipt or, where that is lost, by comparing with what the plan would write.
struct TeardownHoldings {
    let subject: TeardownPlan.Subject
    let survey: HostSurvey
    let receipt: HostReceipt
    /// Files and directories of ours.
    let paths: [String]
    /// Whether a file on the host has exactly our bytes.
    let hasMatches: Bool
    let directories: [ComponentDirectory]

    init(_ subject: TeardownPlan.Subject, _ survey: HostSurvey) {
        self.subject = subject
        self.survey = survey
        receipt = survey.receipt
        directories = ComponentDirectory.all(in: subject.spec)
        let matches = Self.matches(subject, survey)
        hasMatches = !matches.isEmpty
        let known = receipt.isEmpty ? matches : receipt.paths + receipt.replaced.keys.sorted()
        paths = known.filter { !Self.isTrace($0) }
    }

    var wasLost: Bool { receipt.isEmpty }
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
        let traces = ["/var/lib/provision", "/etc/provision"]
        let folders = paths.filter { survey.nodes[$0]?.kind == .directory }
        let roots = traces + directories.filter(isOurs).map(\.path) + folders
        return survey.mounts.filter { mount in
            guard mount.owner == .foreign, receipt.present["dir:\(mount.path)"] == nil else { return false }
            return roots.contains(where: mount.isUnder)
        }
    }

    /// A component's directory is ours where its unit is, and where it was not there before.
    func isOurs(_ directory: ComponentDirectory) -> Bool {
        (directory.unit.isEmpty ? receipt.hasBaseline : owns(unit: directory.unit))
            && receipt.present["dir:\(directory.path)"] != "full"
    }

    /// Programs that our units run; people may still hold the others.
    var daemons: [String] {
        let tools: Set = [
            "kubectl", "ctr", "etcdctl", "etcdutl", "runc", "bridge", "host-local", "loopback", "portmap",
        ]
        let own = paths.filter { path in
            path.hasPrefix("/usr/local/bin/") && !tools.contains(path.split(separator: "/").last.map(String.init) ?? "")
        }
        return own + receipt.packages.filter { ["haproxy", "keepalived"].contains($0) }.map { "/usr/sbin/\($0)" }
    }
}
