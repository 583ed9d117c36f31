/// What a small Debian server has: the minimal system, systemd, and what the hosts are prepared with.
///
/// Packages needed beside these travel with the artifact; shipping one too many does no harm.
enum BaseSystem {
    static let packages = minimal + prepared

    /// In apt's notation: not installed.
    ///
    /// Simulated from nothing, apt answers an alternative of the minimal system with the whole of Perl; debootstrap does
    /// not, and packages that need Perl's library were sent without it.
    static let absent = ["perl-"]

    /// `usr-is-merged` stands here because apt, simulating from nothing, takes its alternative `usrmerge` with all of Perl,
    /// which then travels with every package and does not fit the host's own `perl-base`.
    private static let minimal = [
        "apt", "base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debconf", "debianutils",
        "diffutils", "dpkg", "findutils", "grep", "gzip", "hostname", "init-system-helpers", "libc-bin", "login",
        "mount", "ncurses-base", "ncurses-bin", "passwd", "perl-base", "sed", "systemd", "systemd-sysv",
        "sysvinit-utils", "tar", "usr-is-merged", "util-linux",
    ]

    private static let prepared = [
        "adduser", "ca-certificates", "conntrack", "curl", "ethtool", "ipset", "iproute2", "iptables", "kmod",
        "nftables", "openssh-server", "openssl", "procps", "socat", "sudo",
    ]
}
