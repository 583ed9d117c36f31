import Templates

/// Takes one member out of etcd from a member that stays: never more than the quorum can bear.
package struct EtcdRemoval: Sendable {
    private let gone: ClusterTruth.EtcdMember
    private let host: HostSpec
    private let scripts: EtcdScripts

    /// - Parameters:
    ///   - gone: The member that goes.
    ///   - host: A member that stays, and does it.
    ///   - dataDirectory: Where members keep their data.
    package init(_ gone: ClusterTruth.EtcdMember, by host: HostSpec, dataDirectory: String) {
        self.gone = gone
        self.host = host
        scripts = EtcdScripts(host: host, dataDirectory: dataDirectory)
    }

    private var name: String { gone.name.isEmpty ? gone.address : gone.name }

    /// Snapshot first, then the leader's office is passed on, then the member goes; status 8 is a refusal that names what
    /// must be done first.
    package var action: Action {
        let own = "https://\(host.internalAddress):2379"
        return Action(
            kind: .delete,
            title: "remove \(name) from etcd",
            script: """
                \(EtcdShell.client)
                \(EtcdShell.healthy)
                l=$(E --endpoints \(own) member list)
                m=$(echo "$l" | grep '^\(gone.id), ') || { echo "\(name) is no member any more"; exit 0; }
                \(EtcdShell.arithmetic(gone: gone.id))
                [ $left -gt 0 ] || { echo "\(name) is the last member of etcd; removing it is losing everything"; exit 8; }
                [ $up -ge $need ] || { echo "without \(name) etcd has $left members and needs $need of them healthy, and $up are: bring back$ill first"; exit 8; }
                u=$(echo "$m" | cut -d, -f5 | tr -d ' '); now=$up; lost=0
                if [ -n "$u" ] && healthy $u; then now=$((now + 1)); else lost=1; fi
                case $m in *', false') ;; *) now=$up;; esac
                [ $now -gt $((voters / 2)) ] || { echo "$now of $voters members are healthy, and $((voters / 2 + 1)) are needed to change the members: bring back${ill:- \(name)} first"; exit 8; }
                \(scripts.snapshot(named: "before-removal-of-\(name)"))
                if [ $lost = 0 ] && \(EtcdShell.leads("$u")); then
                \(EtcdShell.handover(from: "$u", gone: gone.id)); fi
                leave() { E --endpoints \(own) member remove \(gone.id); }; await 90 etcd.service leave
                settled() { healthy \(own); }; await 60 etcd.service settled
                """,
            seconds: 300
        )
    }
}
