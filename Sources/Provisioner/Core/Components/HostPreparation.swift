import Templates

/// What every host needs before any component: its mark, no leftovers of broken runs, kernel settings.
enum HostPreparation {
    /// The first resources of every lane.
    static func resources(
        clusterID: String,
        spec: ClusterSpec,
        host: HostSpec,
        rotation: RotationMark
    ) -> [any Resource] {
        let ground: [any Resource] = [
            MarkerResource(
                clusterID: clusterID,
                clusterName: spec.name,
                host: host.name,
                etcdData: spec.etcd.foreignData,
                baseline: HostBaseline(spec),
                rotation: rotation
            ),
            MachineResource(), sweep,
            DirectoryResource("/var/lib/provision", mode: 0o700, reason: "receipts, stamps and replaced files"),
        ]
        return ground + rotation.resources
    }

    /// Temporary files of a run that was killed: named so that they are found, and never used.
    private static var sweep: CommandResource {
        let directories = """
            /usr/local/bin /opt/cni/bin /etc/provision /etc/kubernetes /etc/systemd/system /etc/haproxy /etc/keepalived /etc/cni \
            /etc/containerd /etc/sysctl.d /etc/modules-load.d /var/lib/kubelet /var/lib/kube-proxy /var/lib/provision /root
            """
        let find = "find \(directories) -xdev -maxdepth 4 -name '.*.provision-tmp' -not -path '/var/lib/kubelet/pods/*'"
        return CommandResource(
            id: "leftovers",
            title: "no half-written files",
            reason: "a run that was killed leaves only files named .NAME.provision-tmp",
            check: "l=$(\(find) 2> /dev/null); echo \"$l\"; [ -z \"$l\" ]",
            action: Action(
                kind: .delete,
                title: "remove half-written files",
                script: "\(find) -prune -exec rm -rf --one-file-system {} + 2> /dev/null || true"
            )
        )
    }

    /// Values that are in force, not only written, and that no other file changes at the next boot.
    static func sysctls(_ file: SysctlFile) -> CommandResource {
        let values = file.settings.sorted { $0.key < $1.key }
        let wanted = values.map { "\($0.key)=\($0.value)" }
        let check = values.map { "\(isInForce($0.key, $0.value)) || { echo \($0.key) is not \($0.value); w=1; }" }
        let changes = values.map { "\(isInForce($0.key, $0.value)) || sysctl -w \($0.key)=\($0.value)" }
        let lost = "l=$(\(SysctlOrder(file).script)); [ -z \"$l\" ] ||"
        return CommandResource(
            id: "sysctl",
            title: wanted.joined(separator: " "),
            reason: "pods are routed through this host",
            check: "w=0\n\(check.joined(separator: "\n"))\n\(lost) { echo \"$l\"; w=1; }\n[ $w = 0 ]",
            action: Action(
                kind: .update,
                title: "set \(wanted.joined(separator: " "))",
                script: "\(changes.joined(separator: "\n"))\n\(lost) { echo \"$l; take it out there\"; exit 8; }"
            ),
            digest: wanted.joined(separator: " ")
        )
    }

    private static func isInForce(_ key: String, _ value: String) -> String {
        let sign = key.hasPrefix(SysctlOrder.least) ? "-ge" : "="
        return "[ \"$(sysctl -n \(key) 2>&1)\" \(sign) \(value) ]"
    }

    /// Kernel features that are loaded as modules where they are not built in.
    static func modules() -> CommandResource {
        CommandResource(
            id: "modules",
            title: "overlay and br_netfilter are in the kernel",
            reason: "image layers are overlays; services must see bridged packets",
            check: """
                w=0; grep -qw overlay /proc/filesystems || { echo overlay is missing; w=1; }
                [ -d /proc/sys/net/bridge ] || { echo br_netfilter is missing; w=1; }; [ $w = 0 ]
                """,
            action: Action(
                kind: .run,
                title: "load overlay and br_netfilter",
                script: "modprobe overlay\nmodprobe br_netfilter"
            )
        )
    }

    /// A system user without a home and without a shell.
    static func user(_ name: String, reason: String) -> CommandResource {
        CommandResource(
            id: "user:\(name)",
            title: "user \(name)",
            reason: reason,
            check: "id \(name) > /dev/null 2>&1 && echo exists",
            action: Action(
                kind: .create,
                title: "create the system user \(name)",
                script:
                    "note created user:\(name) '' ''\nuseradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \(name)"
            )
        )
    }
}
