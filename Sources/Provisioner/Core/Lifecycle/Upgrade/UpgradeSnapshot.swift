/// A copy of etcd's data from before an upgrade, on one healthy member.
struct UpgradeSnapshot: Sendable {
    static let directory = "/var/lib/provision/snapshots"
    /// How old a snapshot may be that still counts as taken before this change, in minutes.
    private static let freshMinutes = 15

    let scripts: EtcdScripts

    var resource: CommandResource {
        CommandResource(
            id: "snapshot:etcd",
            title: "a fresh snapshot of etcd",
            reason: "nothing of an upgrade takes etcd's data back",
            check: """
                s=$(find \(Self.directory) -maxdepth 1 -name '*-before-upgrade.db' -mmin -\(Self.freshMinutes) -printf '%f\\n' 2> /dev/null | sort | tail -n 1)
                [ -n "$s" ] && echo "\(Self.directory)/$s" || { echo 'none is younger than \(Self.freshMinutes) min'; false; }
                """,
            action: Action(
                kind: .run,
                title: "snapshot etcd to \(Self.directory)",
                script: """
                    n=$(date -u +%Y%m%dT%H%M%SZ)-before-upgrade
                    \(scripts.snapshot(named: "$n"))
                    (cd $d && sha256sum $n.db > $n.db.sha256)
                    """,
                seconds: 720
            )
        )
    }
}
