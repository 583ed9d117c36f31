/// The closed vocabulary of playbooks; decoder and JSON Schema are both made from it.
package enum PlaybookKeys {
    package static let root = InventoryObject([
        InventoryKey("apiVersion", .text(.apiVersion), "Format of this file; always provision/v1.", required: true),
        InventoryKey("name", .text(.name), "Short name, as in run records and on cordoned nodes.", required: true),
        InventoryKey("description", sentence, "What it does and when it is used.", required: true),
        InventoryKey("hosts", hosts, "A role, `all`, host names, or labels of the inventory.", required: true),
        InventoryKey("strategy", strategy, "parallel, or rolling: hosts in waves; default rolling, one at a time."),
        InventoryKey("steps", .list(.object(step)), "What each host goes through, in this order.", required: true),
    ])

    /// Of the inventory's lists, and `all`.
    static let roles: [(name: String, role: Role?)] = [
        ("all", nil), ("loadBalancers", .loadBalancer), ("controllers", .controller), ("etcd", .etcd),
        ("workers", .worker), ("clients", .client),
    ]

    /// The kinds of steps; each step has exactly one of these keys.
    static let kinds = [
        "file", "package", "unit", "command", "drain", "uncordon", "reboot", "waitFor", "kubectlApply", "collect",
    ]

    private static let sentence = InventoryShape.verbatim("text")
    private static let script = InventoryShape.verbatim("a POSIX shell script")
    private static let title = InventoryKey(
        "title",
        sentence,
        "What is so afterwards, as a plan shows it.",
        required: true
    )

    private static let hosts = InventoryShape.either([
        .choice(roles.map(\.name)), .list(.text(.name)),
        .object(
            InventoryObject([
                InventoryKey(
                    "labels",
                    .table(keys: .labelKey, values: .text(.labelValue)),
                    "Hosts that have all of these labels in the inventory.",
                    required: true
                )
            ])
        ),
    ])

    private static let strategy = InventoryShape.either([
        .choice(["parallel", "rolling"]),
        .object(
            InventoryObject([
                InventoryKey(
                    "rolling",
                    .object(
                        InventoryObject([
                            InventoryKey(
                                "maxUnavailable",
                                .text(.maxUnavailable),
                                "Hosts of one wave: a number or a share; default 1."
                            )
                        ])
                    ),
                    "Hosts in waves; the first failure ends the run.",
                    required: true
                )
            ])
        ),
    ])

    static let step = InventoryObject([
        InventoryKey("why", sentence, "Why the step is there; shown in plans."),
        InventoryKey("file", .object(file), "A file with exactly this content, mode and owner."),
        InventoryKey("package", .object(package), "Packages of the distribution (apt)."),
        InventoryKey("unit", .object(unit), "A systemd unit that runs, or does not."),
        InventoryKey("command", .object(command), "Anything else: runs only where its own check fails."),
        InventoryKey(
            "drain",
            .object(drain),
            "Take the node out of service, where a step up to `uncordon` has something to do; no effect on other hosts."
        ),
        InventoryKey("uncordon", .object(InventoryObject([])), "Give the node back, where this program took it."),
        InventoryKey("reboot", .object(reboot), "Reboot, and wait until host and node are back."),
        InventoryKey("waitFor", .object(waitFor), "A command that must succeed within a time."),
        InventoryKey("kubectlApply", .object(content), "Objects applied from a controller."),
        InventoryKey("collect", .object(collect), "Files and output, redacted, into an archive on this machine."),
    ])

    private static let file = InventoryObject(
        [InventoryKey("path", .text(.remotePath), "Where it lies on the host.", required: true)] + content.keys + [
            InventoryKey("mode", .text(.fileMode), "Default \"0644\"."),
            InventoryKey("owner", .text(.fileOwner), "Default root:root."),
            InventoryKey("validate", script, "A command that must accept the new file, given as its last word."),
        ]
    )

    private static let content = InventoryObject([
        InventoryKey("content", .verbatim("text"), "The content itself; either this or source."),
        InventoryKey("source", .text(.localPath), "A file on this machine, relative to the playbook."),
    ])

    private static let package = InventoryObject([
        InventoryKey("install", .list(.text(.packageName)), "Packages that must be there."),
        InventoryKey(
            "upgrade",
            .either([.choice(["all"]), .list(.text(.packageName))]),
            "Packages that must be up to date, or all."
        ),
        InventoryKey(
            "removes",
            .list(.text(.packageName)),
            "With install: packages that may go for it; a step that would remove any other is refused."
        ),
    ])

    private static let unit = InventoryObject([
        InventoryKey("name", .text(.unitName), "With its type: chrony.service.", required: true),
        InventoryKey("state", .choice(["running", "stopped"]), "Default running."),
        InventoryKey("enabled", .boolean, "Whether it starts at boot; default: as it is."),
        InventoryKey("restartAfter", .list(.text(.remotePath)), "Files of earlier steps whose change restarts it."),
        InventoryKey("reloadAfter", .list(.text(.remotePath)), "Files of earlier steps whose change reloads it."),
    ])

    private static let command = InventoryObject([
        title,
        InventoryKey("check", script, "Read-only; status 0 means that nothing is to do.", required: true),
        InventoryKey("run", script, "Afterwards the check must pass.", required: true),
        InventoryKey("changes", .object(changes), "What run changes, noted before it; a teardown takes it back."),
        InventoryKey("timeout", .text(.duration), "Default 5m."),
    ])

    private static let changes = InventoryObject([
        InventoryKey("files", .list(.text(.remotePath)), "Files that it writes."),
        InventoryKey("modes", .list(.text(.remotePath)), "What gets another mode or owner."),
        InventoryKey("sysctls", .list(.text(.remotePath)), "Files that name the kernel settings, as in /etc/sysctl.d."),
    ])

    private static let drain = InventoryObject([
        InventoryKey("timeout", .text(.duration), "Until what blocks is named and the run ends; default 5m."),
        InventoryKey("grace", .text(.duration), "Time that pods have to end; default: each pod's own."),
        InventoryKey("force", .boolean, "Also delete pods that no controller would make anew; default false."),
    ])

    private static let reboot = InventoryObject([
        InventoryKey(
            "when",
            .choice(["required", "always"]),
            "required: /run/reboot-required or a newer kernel; always: once in every run.",
            required: true
        ),
        InventoryKey("timeout", .text(.duration), "Until host and node must be back; default 10m."),
    ])

    private static let waitFor = InventoryObject([
        title,
        InventoryKey("command", script, "Must end with status 0.", required: true),
        InventoryKey("timeout", .text(.duration), "Default 2m."),
    ])

    private static let collect = InventoryObject([
        InventoryKey("files", .list(.verbatim("a path, or a pattern with `*`")), "Files, at most 1 MiB of each."),
        InventoryKey("units", .list(.text(.unitName)), "Journal, state and unit file of each."),
        InventoryKey("lines", .integer(1...100_000), "Of each journal; default 2000."),
        InventoryKey(
            "commands",
            .table(keys: .name, values: .verbatim("a read-only POSIX shell command")),
            "Output by name."
        ),
    ])
}
