import Templates

/// What one member of etcd does about its membership, as scripts of its own host.
package struct EtcdMemberScripts: Sendable, Equatable {
    package let host: String
    /// etcd's name of it.
    package let name: String
    package let address: String
    package let dataDirectory: String
    /// Addresses of everybody else who is, or may still be, a member.
    package let others: [String]
    /// Addresses of those who join as well: their dead members make place too, since nobody can join beside a dead one.
    package let joining: [String]

    package init(
        host: String,
        name: String,
        address: String,
        dataDirectory: String,
        others: [String],
        joining: [String] = []
    ) {
        self.host = host
        self.name = name
        self.address = address
        self.dataDirectory = dataDirectory
        self.others = others
        self.joining = joining
    }

    private var peer: String { "https://\(address):2380" }

    /// Joins as a learner, which has no vote, and is promoted once it is in step; a dead member of its name makes place.
    ///
    /// Cut off anywhere, the next run begins it again: a member that never began has no data.
    var join: Action {
        Action(
            kind: .run,
            title: "join etcd as a learner, be promoted",
            script: """
                \(EtcdShell.client)
                \(EtcdShell.healthy)
                some() { for a in \(others.joined(separator: " ")); do ! healthy https://$a:2379 || echo https://$a:2379; done; }
                found() { live=$(some | paste -sd, -); [ -n "$live" ] || { echo "no other member answers as healthy"; return 1; }; }
                i=0; until found > /dev/null; do i=$((i + 1)); [ $i -lt 20 ] || { echo "no other member of etcd answers as healthy (\(others.joined(separator: ", "))), and without them nothing is founded beside what may be there"; exit 8; }; sleep 1; done
                \(makePlace)
                systemctl stop etcd.service 2> /dev/null || true
                rm -rf --one-file-system \(dataDirectory)/member
                t=/run/provision/member-add; trap 'rm -f $t' EXIT
                add() { E --endpoints $live member add \(name) --learner --peer-urls=\(peer) > $t; }
                await 180 - add
                c=$(sed -n 's/^ETCD_INITIAL_CLUSTER="\\(.*\\)"$/\(Self.variable)=\\1/p' $t); [ -n "$c" ] || { echo "etcdctl named no members"; exit 1; }
                c=$(printf '%s\\n' "$c" \(Self.variable)_STATE=\(EtcdBootstrapResource.existing))
                printf '%s\\n' "$c" | put \(HostPaths.standard.etcdBootstrap) 600 root:root "$(printf '%s\\n' "$c" | sha256sum | cut -c1-64)"
                enable_unit etcd.service; start_unit etcd.service --no-block
                \(promotion)
                """,
            seconds: 600
        )
    }

    private static let variable = EtcdBootstrap.variable("initial-cluster")

    /// Whoever has this member's name or address is dead, since this host has no data: it goes, if the others are enough.
    ///
    /// So do dead members of others who join.
    private var makePlace: String {
        """
        l=$(E --endpoints $live member list)
        old=$(echo "$l" | awk -F', ' '$3 == "\(name)" || $4 == "\(peer)" {print $1}')
        \(rivals)
        for o in $old; do
        m=$(echo "$l" | grep "^$o, "); u=$(echo "$m" | cut -d, -f5 | tr -d ' ')
        case $u in https://\(address):*|'') ;; *) ! healthy $u || { echo "another member called \(name) answers at $u"; exit 8; };; esac
        \(EtcdShell.arithmetic(gone: "$o"))
        [ $up -ge $need ] || { echo "\(name) must be removed before it joins anew, then $left members need $need of them healthy, and $up are: bring back$ill first"; exit 8; }
        leave() { E --endpoints $live member remove $o > /dev/null; }; await 60 - leave
        l=$(E --endpoints $live member list)
        done
        """
    }

    private var rivals: String {
        guard !joining.isEmpty else { return ":" }
        let peers = joining.map { "https://\($0):2380" }.joined(separator: " ")
        return """
            for p in \(peers); do
            m=$(echo "$l" | awk -F', ' -v p="$p" '$4 == p {print $1 "|" $5}'); [ -n "$m" ] || continue
            u=$(echo "${m#*|}" | cut -d, -f1 | tr -d ' '); { [ -n "$u" ] && healthy "$u"; } || old="$old ${m%%|*}"
            done
            """
    }

    /// Waits until it is in step with the leader.
    private var promotion: String {
        """
        voter() {
          m=$(E --endpoints $live member list | awk -F', ' '$3 == "\(name)"'); case $m in *', false') return 0;; esac
          [ -n "$m" ] || { echo "it did not come up yet"; return 1; }; E --endpoints $live member promote ${m%%,*}; }
        await 300 etcd.service voter
        """
    }

    static let voterID = "etcd-voter"
    private static let leading = "leads"

    /// Whether an answer is that of the leader of etcd.
    package static func leads(_ resource: any Resource, _ answer: ProbeAnswer) -> Bool {
        resource.id == voterID && answer.text == leading
    }

    /// A learner whose promotion was cut off.
    func voter() -> CommandResource {
        CommandResource(
            id: Self.voterID,
            title: "\(name) has a vote in etcd",
            reason: "a learner that is in step is promoted",
            check: """
                m=$(curl -fsS -m 3 http://127.0.0.1:2381/metrics 2> /dev/null | grep -E '^etcd_server_is_(leader|learner) ')
                case $m in *'is_learner 1'*) echo "is still a learner"; exit 1;; *'is_leader 1'*) echo \(Self.leading);; *) echo "is no learner";; esac
                """,
            action: Action(
                kind: .run,
                title: "promote the learner",
                script: """
                    \(EtcdShell.client)
                    live=https://\(address):2379\(others.map { ",https://\($0):2379" }.joined())
                    \(promotion)
                    """,
                seconds: 330
            )
        )
    }

    /// A founder goes ahead only where no other member runs that does not expect it: status 8 is a refusal.
    var foundingGuard: String {
        """
        \(EtcdShell.client)
        for a in \(others.joined(separator: " ")); do
        l=$(E --endpoints https://$a:2379 member list 2> /dev/null) || continue
        m=$(echo "$l" | awk -F', ' '$4 == "\(peer)"')
        case $m in *'\(peer), , '*) ;; *) echo "a cluster of etcd runs at $a already: provision apply without --limit lets this host join it"; exit 8;; esac
        done
        """
    }

    /// May this member stop? Only while the others are a majority without it; of two, while the other one is healthy.
    package func quorumGuard() -> String {
        """
        \(EtcdShell.client)
        \(EtcdShell.healthy)
        if curl -fsS -m 3 http://127.0.0.1:2381/health | grep -q '"health":"true"'; then
        l=$(E --endpoints https://\(address):2379 member list) || { echo "the members of etcd cannot be listed"; exit 8; }
        o=$(echo "$l" | awk -F', ' '$4 == "\(peer)" {print $1}')
        \(EtcdShell.arithmetic(gone: "$o"))
        need=$((voters / 2 + 1)); [ $need -le $left ] || need=$left
        [ $up -ge $need ] || { echo "only $up other members are healthy, $need are needed while this one restarts; not healthy:$ill"; exit 8; }
        fi
        """
    }

    /// The leader's office is passed on before this member stops, so that nobody has to wait for an election.
    ///
    /// Where that fails it stops all the same. It knows the members from `quorumGuard`, which comes before it.
    package var handover: String {
        let own = "https://\(address):2379"
        return """
            if [ -n "${o:-}" ] && \(EtcdShell.leads(own)); then
            \(EtcdShell.handover(from: own, gone: "$o", otherwise: " || true")); fi
            """
    }
}
