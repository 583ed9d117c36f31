import Foundation

/// Everything on a machine that a teardown could forget or harm, as sorted lines.
struct HostPicture: Sendable {
    var lines: Set<String>

    /// What may differ after a cluster came and went, and why.
    static let declared: [(prefix: String, reason: String)] = [
        ("file /etc/passwd- ", "the user tools keep the last version but one"),
        ("file /etc/group- ", "the user tools keep the last version but one"),
        ("file /etc/shadow- ", "the user tools keep the last version but one"),
        ("file /etc/gshadow- ", "the user tools keep the last version but one"),
        ("file /etc/.pwd.lock ", "the user tools' lock"),
        ("file /etc/ld.so.cache ", "the loader's cache, written anew by ldconfig"),
        ("file /var/cache/ldconfig/", "the loader's cache, written anew by ldconfig"),
        ("file /var/lib/dpkg/", "dpkg's own books keep backups and locks; the packages are compared one by one"),
        ("directory /var/lib/dpkg/", "dpkg's own books"),
    ]

    /// Files but logs and caches with mode, owner and hash; units, packages, links, routes, rules, settings, mounts, sockets.
    ///
    /// What packages own below /usr is compared by size: hashing all of it takes longer than the teardown.
    private static let script = #"""
        cd /; export LC_ALL=C
        p='( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/log -o -path /var/tmp -o -path /var/cache/apt -o -path /var/lib/apt -o -path /var/lib/systemd -o -path /var/lib/private )'
        set -f
        find / /var/lib -xdev $p -prune -o -type d -printf 'directory %p %m %u:%g\n'
        find / /var/lib -xdev $p -prune -o -type l -printf 'link %p %l\n'
        find / /var/lib -xdev $p -prune -o -type f -path '/usr/[bls]*' -not -path '/usr/local/*' -printf 'file %p %m %u:%g %s\n'
        find / /var/lib -xdev $p -prune -o -type f -not -path '/usr/[bls]*' -printf 'file %p %m %u:%g\n'
        find / /var/lib -xdev $p -prune -o -type f -not -path '/usr/[bls]*' -exec sha256sum {} + | awk '{print "hash", $2, $1}'
        find /var/log -type d \( -path '*pods*' -o -path '*containers*' -o -path '*kubernetes*' -o -path '*haproxy*' \) -printf 'log %p\n'
        systemctl list-unit-files --no-legend --plain | awk '{print "unit-file", $1, $2}'
        systemctl list-units --no-legend --plain --all --type service,socket | awk '$4 == "running" || $3 == "failed" {print "unit", $1, $3, $4}' | grep -v -e session- -e user@ -e user-runtime
        dpkg-query -W -f 'package ${Package} ${Version} ${Status}\n'
        ip -o link | awk '{sub(/[@:].*/, "", $2); print "interface", $2}'; ip -4 route show table all | grep -v '^broadcast' | sed 's/^/route /'
        ip -o address | awk '$4 !~ /^fe80:/ {sub(/@.*/, "", $2); print "address", $2, $3, $4}'
        ip -6 route show table all | grep -v -e '^multicast' -e '^local' -e '^anycast' -e '^unreachable' | sed 's/^/route6 /'
        for s in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
        case $s in *legacy) [ -s /proc/net/ip_tables_names ] || continue;; esac
        $s-save 2> /dev/null | grep -v '^#' | sed "s/ \[[0-9:]*\]$//; s/^/rules $s /"; done
        nft list tables | sed 's/^/nft /'; nft -s list ruleset inet | sed 's/^[[:space:]]*/inet /'
        for k in net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables net.ipv4.conf.all.route_localnet kernel.panic \
        kernel.keys.root_maxkeys vm.overcommit_memory fs.inotify.max_user_watches net.ipv4.conf.default.accept_redirects \
        net.ipv4.conf.all.secure_redirects net.ipv4.conf.all.send_redirects net.ipv4.conf.all.accept_source_route \
        net.ipv4.icmp_echo_ignore_broadcasts net.ipv4.tcp_syncookies net.ipv6.conf.all.forwarding; do echo "sysctl $k $(sysctl -n $k 2> /dev/null)"; done
        awk '{print "mount", $5, $(NF-2)}' /proc/self/mountinfo | grep -v -e /run/credentials -e /run/user
        ss -Hlntu | awk '{print "socket", $1, $5}'
        find /sys/fs/cgroup -type d -name 'kubepods*' | sed 's/^/cgroup /'
        systemctl list-units --no-legend --plain --all --type slice 'kubepods*' | awk '{print "slice", $1}'
        for d in /run/containerd /run/netns /run/haproxy /run/provision /run/kubernetes /run/docker /run/dockershim.sock; do [ ! -e $d ] || echo "run $d"; done
        """#

    static func take(of host: String, in cluster: TestCluster) async throws -> HostPicture {
        let output = try await cluster.on(host, script, seconds: 120)
        return HostPicture(lines: Set(output.text.split(separator: "\n").map(String.init)))
    }

    /// Of all machines, side by side.
    static func takeAll(of hosts: [String], in cluster: TestCluster) async throws -> [String: HostPicture] {
        try await withThrowingTaskGroup(of: (String, HostPicture).self) { group in
            for host in hosts { group.addTask { (host, try await take(of: host, in: cluster)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// What is in one and not in the other and is not declared: `- ` was there before, `+ ` is new.
    func differences(from before: HostPicture) -> [String] {
        let gone = before.lines.subtracting(lines).map { "- \($0)" }
        let new = lines.subtracting(before.lines).map { "+ \($0)" }
        return (gone + new).filter { !Self.isDeclared($0.dropFirst(2)) }.sorted()
    }

    private static func isDeclared(_ line: Substring) -> Bool {
        declared.contains { line.hasPrefix($0.prefix) || line.replacing("hash ", with: "file ").hasPrefix($0.prefix) }
    }
}

extension HostPicture {
    /// Pictures lie beside the inventory from before the first apply to the end.
    private static func path(_ host: String, _ cluster: TestCluster) -> String {
        cluster.directory + "/picture-\(host)"
    }

    func save(_ host: String, _ cluster: TestCluster) throws {
        try lines.sorted().joined(separator: "\n").write(
            toFile: Self.path(host, cluster),
            atomically: true,
            encoding: .utf8
        )
    }

    /// `nil` where none was taken.
    static func saved(_ host: String, _ cluster: TestCluster) -> HostPicture? {
        (try? String(contentsOfFile: path(host, cluster), encoding: .utf8)).map {
            HostPicture(lines: Set($0.split(separator: "\n").map(String.init)))
        }
    }
}
