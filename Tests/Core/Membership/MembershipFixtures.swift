import ProvisionCore
import Templates

/// etcd as it answers with two of three members: what `E` and `healthy` ask.
enum FakeEtcd {
    static let three = """
        a1, started, controller-0, https://192.168.2.2:2380, https://192.168.2.2:2379, false
        b2, started, controller-1, https://192.168.2.3:2380, https://192.168.2.3:2379, false
        c3, started, controller-2, https://192.168.2.4:2380, https://192.168.2.4:2379, false
        """

    /// Stand-ins for curl and etcdctl.
    ///
    /// - Parameters:
    ///   - list: What `member list` prints.
    ///   - healthy: Addresses that answer as healthy.
    ///   - leader: The address of the leader.
    /// - Returns: Shell functions; what changes the members is written to standard output.
    static func standIns(_ list: String, healthy: [String], leader: String = "") -> String {
        """
        LIST='\(list)'; UP=' \(healthy.joined(separator: " ")) '; LEADER='\(leader)'
        curl() {
          for w in "$@"; do u=$w; done; h=${u#*//}; h=${h%%:*}
          case "$UP" in *" $h "*) ;; *) return 7;; esac
          case "$*" in *"-so /dev/null"*) ;; *) echo '{"health":"true"}';; esac; }
        etcdctl() {
          case "$*" in
            *"member list"*) echo "$LIST";;
            *"endpoint status"*) case "$*" in *"$LEADER:2379 "*) echo "u, id, 3.4.23, 20 kB, true, false";; *) echo "u, id, 3.4.23, 20 kB, false, false";; esac;;
            *"snapshot save"*) echo saved "$f";;
            *"snapshot status"*) echo "hash";;
            *"move-leader"*|*"member remove"*|*"member promote"*) echo "did: ${*##*2379 }";;
          esac; }
        mkdir() { :; }; chmod() { :; }; mv() { :; }; sleep() { :; }; timeout() { shift; "$@"; }
        df() { printf 'head\n- - - 99999999 -\n'; }; du() { echo 4; }; stat() { echo 4096; }; hash() { echo h; }
        """
    }
}

/// Hosts and members of samples.
enum MembershipFixtures {
    static func member(
        _ name: String = "controller-0",
        others: [String] = ["192.168.2.3", "192.168.2.4"]
    )
        -> EtcdMemberScripts
    {
        EtcdMemberScripts(
            host: name,
            name: name,
            address: "192.168.2.2",
            dataDirectory: "/var/lib/etcd",
            others: others
        )
    }

    static func lab(without names: Set<String> = []) throws -> ClusterSpec {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.hosts.removeAll { names.contains($0.name) }
        return spec
    }

    /// All hosts of the sample, as an earlier apply left them.
    static func record() throws -> MembershipRecord {
        let hosts = try lab().hosts
        let machines = Dictionary(hosts.map { ($0.name, "id-of-\($0.name)") }) { first, _ in first }
        return MembershipRecord(clusterID: "7f3c").after(hosts, machines: machines, gone: [])
    }

    static let truth = ClusterTruth(
        words: ["nodes", "node|worker-0|ours", "node|worker-1|ours", "node|worker-2|ours", "members"]
            + FakeEtcd.three.split(separator: "\n").map { "member|" + $0.replacing(", ", with: "|") }
    )
}
