import Templates

/// The read-only look at a host from which its teardown is planned, and by which it is proven.
package struct SurveyScript: Sendable {
    /// Paths that the plan would write here, for hosts whose receipt is lost.
    let paths: [String]

    /// One line per fact, `KIND WORDS`; what cannot be asked is left out.
    ///
    /// Listening sockets are asked without names: the plan knows which processes are ours. Packages bear the names that apt gives
    /// them: with their architecture where it is not the host's.
    var text: String {
        #"""
        survey() { R=$S/receipt.jsonl; set +f
        echo "machine $(cat /etc/machine-id 2> /dev/null)"
        [ ! -f /etc/provision/cluster ] || echo "mark $(cat /etc/provision/cluster)"
        [ ! -f $R ] || sed 's/^/receipt /' $R
        ls -A $S/replaced | sed 's/^/saved /'; ls -A $S/returned | sed 's/^/returned /'
        ls -A $S/stamps | sed 's/^/stamp /'
        find $S/snapshots -maxdepth 1 -type f -name '*.db' -printf 'snapshot %s %f\n'
        for p in /etc/provision /var/lib/provision /run/provision; do [ ! -e $p ] || echo "trace $p"; done
        l=$({ sed -n 's/.*"path":"\(\/[^"]*\)".*/\1/p' $R; sed -n 's/.*"previous":"\(\/[^"]*\)".*/\1/p' $R; printf '%s\n' \#(list); } | sort -u)
        stat -c 'path %F|%a %U:%G|%n' -- $l | sed 's/^path regular[^|]*/path file/; s/^path symbolic link/path link/'
        find $l -maxdepth 0 -type f -size -4096k -exec sha256sum {} + | sed 's/^/hash /'
        find $l -maxdepth 0 -type f -size +4095k | while read -r p; do w=$(big $p); echo "hash ${w##* }  $p"; done
        for p in $l; do [ ! -d $p ] || [ -L $p ] || find $p -xdev -mindepth 1 -maxdepth 1 | sed 's/^/inside /'; done
        for u in $({ printf '%s\n' $l | sed -n 's,^/etc/systemd/system/,,p'; \
        sed -n 's/.*"action":"\(masked\|unit\)","path":"\([^"]*\)".*/\2/p' $R; } | sort -u); do
        echo "unit $u $(systemctl is-active $u) $(systemctl is-enabled $u 2> /dev/null)"; done
        sed 's/^/mount /' /proc/self/mountinfo
        for b in nft legacy; do for v in ip ip6; do
        [ $b = nft ] || [ -s /proc/net/${v}_tables_names ] || continue
        ! command -v ${v}tables-$b-save > /dev/null || ${v}tables-$b-save | sed "s/^/rules ${v}tables-$b /"; done; done
        nft list tables | sed 's/^table/nft/'; ipset list -n | sed 's/^/set /'
        ip -4 route show table all proto 86 | sed 's/^/route /'
        ip -o link | awk '{n=$2; sub(/[@:].*/, "", n); m="-"; for (i = 3; i < NF; i++) if ($i == "master") m=$(i+1); print "link", n, m}'
        for p in /run/netns/cni-*; do [ ! -e $p ] || echo "netns $p"; done
        if [ -S /run/containerd/containerd.sock ]; then
        for k in containers tasks images; do timeout 10 ctr --connect-timeout 3s -n k8s.io $k ls -q | sed "s/^/$k /"; done; fi
        if systemctl -q is-active docker.service; then
        timeout 10 docker ps -a --filter label=\#(PodStop.dockerLabel) --format 'docker {{.ID}} {{.State}}'; fi
        for k in $(sed -n 's/.*"path":"user:\([^"]*\)".*/\1/p' $R); do ! id $k > /dev/null || echo "user $k"; done
        for k in $(sed -n 's/.*"path":"group:\([^"]*\)".*/\1/p' $R); do
        ! getent group $k > /dev/null || echo "group $k"; done
        o=$(sed -n 's/.*"action":"created","path":"package:\([^"]*\)".*/\1/p' $R)
        g=$(sed -n 's/.*"action":"removed","path":"package:\([^"]*\)".*/\1/p' $R)
        [ -z "$o$g" ] || dpkg-query -W -f '${Package} ${db:Status-Abbrev} ${Architecture} |${Pre-Depends}, ${Depends}\n' | \
        awk -v o="$o" -v g="$g" -v own="$(dpkg --print-architecture)" '
        BEGIN { n = split(o, p); for (i = 1; i <= n; i++) ours[p[i]] = 1; n = split(g, p); for (i = 1; i <= n; i++) gone[p[i]] = 1 }
        { x = $3 == own || $3 == "all" || $3 ~ /^[|]/ ? "" : ":" $3; k = $1 x }
        k in gone { print "removed", k, $2 }
        k in ours { print "package", k, $2 }
        !(k in ours) && $2 ~ /^.i/ { s = $0; sub(/^[^|]*\|/, "", s); gsub(/[(][^)]*[)]|:any/, "", s); m = split(s, d, /[,| ]+/)
        for (i = 1; i <= m; i++) { if (d[i] in ours) print "needed", d[i], k; if (x != "" && (d[i] x) in ours) print "needed", d[i] x, k } }'
        for k in $(sed -n 's/.*"action":"sysctl","path":"\([^"]*\)".*/\1/p' $R); do echo "sysctl $k $(sysctl -n $k)"; done
        grep -E '^(overlay|br_netfilter) ' /proc/modules | sed 's/^/module /'
        tail -n +2 /proc/swaps | sed 's/^/swap /'; grep '^# provision: ' /etc/fstab | sed 's/^/fstab /'
        ! grep -qs '^# provision' /usr/sbin/policy-rc.d || echo "policy"
        ls -l /proc/[0-9]*/exe | awk '{split($9, p, "/"); print "process", p[3], $11}'
        grep -ls kubepods /proc/[0-9]*/cgroup | awk -F/ '{print "pod", $3}'
        systemctl list-units --all --plain --no-legend --type slice 'kubepods*' | awk '{print "slice", $1}'
        find /sys/fs/cgroup -type d -name 'kubepods*' -prune | sed 's/^/cgroup /'
        ss -Hltnp | awk '{n=$4; sub(/.*:/, "", n); print "listen", n, $6}'
        find /usr/local/bin /opt/cni/bin /etc/kubernetes /etc/systemd/system /etc/haproxy /etc/cni /etc/containerd /etc/sysctl.d \
        /etc/modules-load.d /root -xdev -maxdepth 4 -name '.*.provision-tmp' -prune -print | sed 's/^/temporary /'
        echo complete; }
        survey 2> /dev/null | base64 -w 0
        """#
    }

    private var list: String { paths.map(ShellQuoting.quote).joined(separator: " ") }
}

/// A survey as the engine asks for it; it is never mended, only read.
package struct SurveyResource: Resource {
    package let id = "survey"
    package let title = "what is left of the cluster"
    package let reason = "a teardown is planned from it and proven by it"
    package let digest = ""
    private let script: SurveyScript

    package init(paths: [String]) { script = SurveyScript(paths: paths) }

    package var probe: Probe { .script(script.text) }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict { .same("was read") }
}
