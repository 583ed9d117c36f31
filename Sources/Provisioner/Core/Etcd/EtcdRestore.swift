import Templates

/// A member's way from a snapshot to a data directory of its own, as its rendered unit describes the member.
package struct EtcdRestore: Sendable {
    /// What `snapshot restore` needs, in the words of the unit and of the file of members beside it.
    package struct Member: Sendable, Hashable {
        package var host: String
        package var name: String
        package var peerURLs: String
        package var initialCluster: String
        package var token: String
        package var dataDirectory: String

        /// Reads the unit that a lane puts on its host; `nil` where it has no etcd, or one whose write-ahead log lies
        /// elsewhere.
        package init?(lane: Plan.Lane) {
            let files = lane.resources.compactMap { ($0 as? FileResource)?.file }
            guard let unit = files.first(where: { $0.path.hasSuffix("/etcd.service") }).map(UnitText.init),
                let name = unit.flag("name"), let peers = unit.flag("initial-advertise-peer-urls"),
                let cluster = unit.flag("initial-cluster") ?? Self.members(files),
                let token = unit.flag("initial-cluster-token"),
                let directory = unit.flag("data-dir"), unit.flag("wal-dir") == nil
            else { return nil }
            host = lane.host.name
            self.name = name
            peerURLs = peers
            initialCluster = cluster
            self.token = token
            dataDirectory = directory
        }

        private static func members(_ files: [RenderedFile]) -> String? {
            let start = "\(EtcdBootstrap.variable("initial-cluster"))="
            return files.filter { $0.path == HostPaths.standard.etcdBootstrap }
                .flatMap { $0.text.split(separator: "\n") }
                .first { $0.hasPrefix(start) }
                .map { String($0.dropFirst(start.count)) }
        }
    }

    package let member: Member
    package let clusterID: String
    /// Of this restore, the same for all of its members; tells what it leaves behind: `20261125T024000Z`.
    package let time: String

    package init(member: Member, clusterID: String, time: String) {
        self.member = member
        self.clusterID = clusterID
        self.time = time
    }

    /// Of this restore alone: etcd makes ids of members and cluster from it, so that a member with restored data and one with
    /// its old data, or that of a restore that was cut off, never take each other for members of one cluster.
    ///
    /// The unit's token is read only by a member without data that founds a cluster; who joins takes all ids from the others.
    package var token: String { "\(member.token)-\(time)" }

    /// Where the snapshot waits on the host.
    package var snapshotPath: String { "/var/lib/provision/snapshots/restore-\(time).db" }

    /// Where the old data is kept.
    package var keptPath: String { "\(member.dataDirectory)/member.before-\(time)" }

    private var waiting: String { "\(member.dataDirectory)/.restore-\(time).provision-tmp" }

    /// Nothing is done on a host that is not this cluster's.
    package static func identity(clusterID: String) -> String {
        """
        c=$(cut -d' ' -f1 \(MarkerResource.path) 2> /dev/null) || c=
        [ "$c" = \(ShellQuoting.quote(clusterID)) ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
        """
    }

    /// Receives the snapshot on standard input.
    package func send(_ upload: Action.Upload) -> Action {
        let path = ShellQuoting.quote(snapshotPath)
        return Action(
            kind: .upload,
            title: "send the snapshot",
            script: """
                d=$S/snapshots; mkdir -p $d; chmod 700 $d; rm -f \(path)
                free=$(df -Pk $d | awk 'NR==2{print $4}'); [ "$free" -gt \(upload.size / 512 + 10240) ] || { echo "$d has $free kB free, the snapshot needs \(upload.size / 1024) twice"; exit 1; }
                cat > \(path); [ "$(hash \(path))" = \(upload.sha256) ] || { rm -f \(path); echo "the snapshot arrived damaged"; exit 1; }
                """,
            upload: upload,
            seconds: 900
        )
    }

    /// Makes the new data beside the old, which stays as it is.
    ///
    /// - Parameter skipsHashCheck: For a copy of a database file, which has no hash of its own.
    /// - Returns: A script.
    package func prepare(skipsHashCheck: Bool) -> String {
        let q = ShellQuoting.quote
        return """
            \(Self.identity(clusterID: clusterID))
            \(EtcdScripts.fileTool)
            D=\(q(member.dataDirectory)) N=\(q(waiting))
            mkdir -p "$D"; find "$D/" -mindepth 1 -maxdepth 1 -name '.restore-*.provision-tmp' -exec rm -rf {} +
            set -- snapshot restore \(q(snapshotPath)) --name \(q(member.name)) --initial-cluster \(q(member.initialCluster))
            set -- "$@" --initial-cluster-token \(q(token)) --initial-advertise-peer-urls \(q(member.peerURLs)) --data-dir "$N"
            \(skipsHashCheck ? "set -- \"$@\" --skip-hash-check\n" : "")if eu snapshot restore --help 2>&1 | grep -q -e --bump-revision; then set -- "$@" --bump-revision 1000000000 --mark-compacted; echo bumped; fi
            o=$(eu "$@" 2>&1) || { echo "$o" | tail -n 4; rm -rf "$N"; exit 1; }
            chown -R etcd:etcd "$N"; chmod -R u=rwX,go= "$N"
            [ -d "$N/member" ] || { echo "etcdctl made no $N/member"; exit 1; }
            """
    }

    /// Puts the new data in the place of the old, which is kept; etcd must not run.
    package var swap: String {
        let q = ShellQuoting.quote
        return """
            \(Self.identity(clusterID: clusterID))
            D=\(q(member.dataDirectory)) N=\(q(waiting)) K=\(q(keptPath))
            ! systemctl -q is-active etcd.service || { echo "etcd.service still runs"; exit 1; }
            [ -d "$N/member" ] || { echo "there is no $N/member"; exit 1; }
            chown etcd:etcd "$D"; chmod 700 "$D"
            if [ -e "$D/member" ]; then mv -T "$D/member" "$K"; echo "kept $K"; fi
            mv -T "$N/member" "$D/member"; rmdir "$N"; rm -f \(q(snapshotPath))
            ! command -v restorecon > /dev/null || restorecon -R "$D"
            """
    }

    /// Takes away what `send` and `prepare` left, where nothing came of it.
    package var abandon: String { "rm -rf \(ShellQuoting.quote(waiting)) \(ShellQuoting.quote(snapshotPath))" }
}

/// Who has to stand still while etcd's past is changed.
///
/// Everybody who watches the API holds revisions that will never have been: API servers' watch caches, control loops,
/// kubelets and kube-proxies are started anew afterwards, or they wait for the old future to come back.
package enum RestorePhase: String, Sendable, CaseIterable {
    case watchers, apiServers, etcd

    package var units: [String] {
        switch self {
        case .watchers: ["kubelet", "kube-proxy", "kube-scheduler", "kube-controller-manager"]
        case .apiServers: ["kube-apiserver"]
        case .etcd: ["etcd"]
        }
    }

    package var words: String {
        switch self {
        case .watchers: "control loops and nodes' agents stopped"
        case .apiServers: "API servers stopped"
        case .etcd: "etcd stopped"
        }
    }

    /// Whether a host may have any of it.
    package func concerns(_ host: HostSpec) -> Bool {
        switch self {
        case .watchers: host.has(.controller) || host.has(.worker)
        case .apiServers: host.has(.controller)
        case .etcd: host.has(.etcd)
        }
    }

    private static let mark = "stopped "

    /// The units that ran and were stopped, by the answer of `script`.
    package static func stopped(_ answer: String) -> [String] {
        answer.split(separator: "\n").filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }

    /// Starts units again where a restore is given up; none is waited for, since members of etcd wait for each other.
    package static func start(_ units: [String], clusterID: String) -> String {
        """
        \(EtcdRestore.identity(clusterID: clusterID))
        for u in \(units.joined(separator: " ")); do
        systemctl reset-failed $u 2> /dev/null || true
        systemctl start --no-block $u
        done
        """
    }

    /// Says what ran, and stops it.
    ///
    /// Pods go on running: a kubelet that stops leaves its containers alone.
    package func script(clusterID: String) -> String {
        let names = units.map { "\($0).service" }.joined(separator: " ")
        return """
            [ -e \(MarkerResource.path) ] || { echo "nothing of a cluster is here yet"; exit 0; }
            \(EtcdRestore.identity(clusterID: clusterID))
            for u in \(names); do
            systemctl cat $u > /dev/null 2>&1 || continue
            case $(systemctl is-active $u) in active | activating | reloading) echo "\(Self.mark)$u";; esac
            timeout 60 systemctl stop $u || systemctl kill -s KILL $u || true
            systemctl reset-failed $u 2> /dev/null || true
            ! systemctl -q is-active $u || { echo "$u does not stop"; exit 1; }
            done
            """
    }
}

extension Plan {
    /// What etcd's hosts need before their member can be restored: everything up to its unit, and nothing that runs or
    /// that founds a cluster.
    package var etcdGround: Plan {
        Plan(
            cluster: cluster,
            lanes: lanes.filter { $0.host.has(.etcd) }.map { lane in
                let last = lane.stages.firstIndex { $0.name == "etcd" } ?? lane.stages.endIndex - 1
                let stages = lane.stages.prefix(through: last).map { stage in
                    Stage(
                        stage.name,
                        resources: stage.resources.filter {
                            !($0 is ServiceResource || $0 is EtcdBootstrapResource)
                                && !$0.id.hasPrefix("health:") && $0.id != EtcdMemberScripts.voterID
                        }
                    )
                }
                return Lane(host: lane.host, stages: stages)
            }
        )
    }
}
