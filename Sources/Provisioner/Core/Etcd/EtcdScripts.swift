package import Templates

/// What is asked of and done with one etcd member on its own host, with etcdctl and the certificates that lie there.
///
/// All run with the prelude's functions. `etcdutl` has taken over what reads files since etcd 3.5; etcdctl 3.6 has lost it.
package struct EtcdScripts: Sendable {
    private let address: String
    private let dataDirectory: String
    private let paths: HostPaths

    package init(host: HostSpec, dataDirectory: String, paths: HostPaths = .standard) {
        address = host.internalAddress.description
        self.dataDirectory = dataDirectory
        self.paths = paths
    }

    /// `ec`, etcdctl at this very member; `eu`, whichever tool reads snapshot files.
    private var functions: String {
        let key = paths.etcdHealthcheckClient
        let certificates = "--cacert \(paths.etcdCA) --cert \(key.certificate) --key \(key.key)"
        return """
            ec() { etcdctl --endpoints https://\(address):2379 \(certificates) --dial-timeout 3s "$@"; }
            \(Self.fileTool)
            """
    }

    static let fileTool =
        "export ETCDCTL_API=3; eu() { timeout 120 $(command -v etcdutl || command -v etcdctl) \"$@\"; }"

    private var quotedDirectory: String { ShellQuoting.quote(dataDirectory) }

    /// One line per fact, `KIND WORDS`; what cannot be asked is left out.
    ///
    /// The database file of a running member is locked, so only that of a stopped one is read.
    package var status: String {
        """
        \(functions)
        D=\(quotedDirectory)
        u=$(systemctl is-active etcd.service); echo "unit $u"
        curl -fsS -m 3 http://127.0.0.1:2381/health 2> /dev/null | grep -q '"health":"true"' && echo 'health true'
        curl -fsS -m 3 http://127.0.0.1:2381/metrics 2> /dev/null | grep -E '\(EtcdWriting.pattern)' | sed 's/^/metric /'
        ! s=$(ec --command-timeout 4s endpoint status -w json 2> /dev/null) || echo "status $s"
        ! s=$(ec --command-timeout 4s member list -w json 2> /dev/null) || echo "members $s"
        case $u in active | activating | deactivating | reloading) ;; *)
        [ ! -f "$D/member/snap/db" ] || ! s=$(eu snapshot status "$D/member/snap/db" -w json 2> /dev/null) || echo "stored $s"
        esac
        """
    }

    /// Saves a snapshot and says where it lies, how long it is, its SHA-256 and what it holds.
    ///
    /// One of the same name stays until the new one is proven.
    ///
    /// - Parameters:
    ///   - name: Its name, without extension.
    ///   - stays: Whether it stays on the host; the oldest that stayed before make place for it.
    /// - Returns: A script.
    package func snapshot(named name: String, stays: Bool = true) -> String {
        """
        \(functions)
        d=$S/snapshots; mkdir -p $d; chmod 700 $d; f=$d/\(name).db; t=$f\(SnapshotPruning.unfinished)
        \(SnapshotPruning.leftovers)
        rm -f "$t" "$t.part"; free=$(df -Pk $d | awk 'NR==2{print $4}'); need=$(du -sk \(quotedDirectory)/member/snap/db | cut -f1)
        [ "$free" -gt $((need + 10240)) ] || { echo "$d has $free kB free, the snapshot may need $need"; exit 1; }
        o=$(ec --command-timeout 600s snapshot save "$t" 2>&1) || { rm -f "$t" "$t.part"; echo "$o" | tail -n 3; exit 1; }
        s=$(eu snapshot status "$t" -w json) && [ -n "$s" ] || { rm -f "$t"; echo "the snapshot that was saved cannot be read"; exit 1; }
        mv -fT "$t" "$f"
        \(Self.described)\(stays ? "\n" + SnapshotPruning.script : "")
        """
    }

    /// The database file of a member that does not run, as a snapshot without a hash of its own.
    package func copyOfDatabase(named name: String) -> String {
        """
        \(functions)
        D=\(quotedDirectory)
        ! systemctl -q is-active etcd.service || { echo "etcd.service still runs"; exit 1; }
        [ -f "$D/member/snap/db" ] || { echo "there is no $D/member/snap/db"; exit 1; }
        d=$S/snapshots; mkdir -p $d; chmod 700 $d; f=$d/\(name).db; cp --reflink=auto "$D/member/snap/db" "$f"
        s=$(eu snapshot status "$f" -w json)
        \(Self.described)
        """
    }

    private static let described = "echo; echo \"$f\"; stat -c %s \"$f\"; hash \"$f\"; echo \"$s\""

    package func remove(_ snapshot: HostSnapshot) -> String { "rm -f \(ShellQuoting.quote(snapshot.path))" }

    /// Gives space back to the file system; the member answers nothing meanwhile.
    package var defragment: String {
        """
        \(functions)
        o=$(ec --command-timeout 600s defrag 2>&1) || { echo "$o" | tail -n 3; exit 1; }
        answers() { ec --command-timeout 4s endpoint status; }
        await 60 etcd.service answers
        """
    }

    /// Drops the history of every key, on all members: at the alarm the API server's own compaction cannot write, so the space that
    /// a defragmentation could give back is still taken.
    package var compact: String {
        """
        \(functions)
        s=$(ec --command-timeout 10s endpoint status -w json) || exit 1
        r=$(echo "$s" | sed -n 's/.*"revision":\\([0-9][0-9]*\\).*/\\1/p'); [ -n "$r" ] || { echo "no revision in $s"; exit 1; }
        o=$(ec --command-timeout 60s compact --physical "$r" 2>&1) || case $o in
        *"has been compacted"*) ;; *) echo "$o" | tail -n 3; exit 1;; esac
        """
    }

    /// Clears alarms for want of space, once there is space again.
    package var disarm: String {
        """
        \(functions)
        ec --command-timeout 10s alarm disarm
        """
    }

    /// Must run on the leader.
    package func moveLeader(to member: UInt64) -> String {
        """
        \(functions)
        ec --command-timeout 10s move-leader \(String(member, radix: 16)) 2>&1
        """
    }
}

extension ClusterSpec {
    /// Whether its etcd comes with etcdutl, without which snapshot files cannot be read.
    package var etcdReadsFilesWithEtcdutl: Bool {
        let parts = versions.etcd.split(separator: ".").compactMap { Int($0) }
        return parts.count > 1 && (parts[0], parts[1]) >= (3, 6)
    }
}
