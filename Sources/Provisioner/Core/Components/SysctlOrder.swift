import Templates

/// The question which files change our kernel settings at the next boot.
///
/// systemd-sysctl reads all directories in the order of file names alone, so that Debian's `99-sysctl.conf`, which leads to
/// `/etc/sysctl.conf`, comes after ours; of two files of one name the first directory's counts (sysctl.d(5)).
struct SysctlOrder {
    /// Keys that begin so are limits: more than ours does no harm.
    static let least = "fs.inotify."

    private let file: SysctlFile

    init(_ file: SysctlFile) { self.file = file }

    /// Where systemd looks, the one that counts most first.
    private static let directories = "/etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d"

    private var name: String { file.paths.sysctlFile.split(separator: "/").last.map(String.init) ?? "" }

    /// The kubelet sets its own ones, `vm.` and `kernel.`, at every start of it (`protectKernelDefaults`).
    private var wanted: String {
        file.settings.filter { $0.key.hasPrefix("net.") || $0.key.hasPrefix("fs.") }.sorted { $0.key < $1.key }
            .map { "\($0)=\($1)" }.joined(separator: " ")
    }

    /// POSIX sh that prints one line for each setting that is lost, and nothing where all stay.
    ///
    /// `net.ipv4.conf.all.forwarding` is another name of `net.ipv4.ip_forward`.
    var script: String {
        #"""
        find \#(Self.directories) -maxdepth 1 -name '*.conf' ! -xtype d -printf '%f\t%p\n' 2> /dev/null | \
        sort -st "$(printf '\t')" -k 1,1 | awk -F '\t' -v ours='\#(name)' -v want='\#(wanted)' -v least=\#(Self.least) '
        $1 <= ours || seen[$1]++ { next }
        { while ((getline l < $2) > 0) {
        if (!(i = index(l, "="))) continue
        k = substr(l, 1, i - 1); v = substr(l, i + 1); gsub(/^[ \t-]+|[ \t]+$/, "", k); gsub(/^[ \t]+|[ \t]+$/, "", v)
        gsub(/\//, ".", k); if (k == "net.ipv4.conf.all.forwarding") k = "net.ipv4.ip_forward"
        value[k] = v; from[k] = $2 } }
        END { n = split(want, w, " "); for (i = 1; i <= n; i++) { split(w[i], p, "="); k = p[1]
        if (k in value && value[k] != p[2] && !(index(k, least) == 1 && value[k] + 0 > p[2] + 0))
        print from[k] " sets " k " to " value[k] " at boot, after " ours } }'
        """#
    }
}
