import Templates

/// What every host needs before any component: its mark, no leftovers of broken runs, kernel settings.
enum HostPreparation {
    /// The first resources of every lane.
    static func resources(clusterID: String, spec: ClusterSpec, host: HostSpec) -> [any Resource] {
        [
            MarkerResource(
                clusterID: clusterID,
                clusterName: spec.name,
                host: host.name,
                etcdData: spec.etcd.foreignData,
                baseline: HostBaseline(spec)
            ),
            MachineResource(), sweep,
            DirectoryResource("/var/lib/provision", mode: 0o700, reason: "receipts, stamps and replaced files"),
        ]
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

    /// Swap off now and after every reboot.
    static func swap() -> CommandResource {
        CommandResource(
            id: "swap",
            title: "swap is off",
            reason: "the kubelet refuses to account memory beside swap; fstab and systemd would bring it back",
            check: """
                s=$(tail -n +2 /proc/swaps; grep -E '^[^#].*[[:space:]]swap[[:space:]]' /etc/fstab; \
                systemctl list-units --plain --no-legend --type swap 2> /dev/null); echo "$s"; [ -z "$s" ]
                """,
            action: Action(
                kind: .update,
                title: "turn swap off for good",
                script: """
                    swapoff -a
                    if grep -qE '^[^#].*[[:space:]]swap[[:space:]]' /etc/fstab; then keep /etc/fstab ''
                    sed -i -E 's/^([^#].*[[:space:]]swap[[:space:]].*)$/# provision: \\1/' /etc/fstab; fi
                    for u in $(systemctl list-units --plain --no-legend --type swap | cut -d' ' -f1); do
                    note masked "$u" '' ''; systemctl mask --now "$u"; done
                    """
            )
        )
    }

    /// Values that are in force, not only written.
    static func sysctls(_ values: [(String, String)]) -> CommandResource {
        let wanted = values.map { "\($0.0)=\($0.1)" }
        let check = wanted.map { pair in
            let parts = pair.split(separator: "=")
            return
                "[ \"$(sysctl -n \(parts[0]) 2>&1)\" = \(parts[1]) ] || { echo \(parts[0]) is not \(parts[1]); w=1; }"
        }
        return CommandResource(
            id: "sysctl",
            title: wanted.joined(separator: " "),
            reason: "pods are routed through this host",
            check: "w=0\n" + check.joined(separator: "\n") + "\n[ $w = 0 ]",
            action: Action(
                kind: .update,
                title: "set \(wanted.joined(separator: " "))",
                script: "sysctl -w \(wanted.joined(separator: " "))"
            ),
            digest: wanted.joined(separator: " ")
        )
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
