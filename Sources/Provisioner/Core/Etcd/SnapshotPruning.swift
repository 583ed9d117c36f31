/// Which snapshots stay on a host.
///
/// Each holds every Secret, so old ones go. Only names that this tool gives are looked at: people keep files there too.
enum SnapshotPruning {
    /// How many snapshots a host keeps.
    static let kept = 5
    /// For how many days each stays.
    ///
    /// An upgrade that is stuck saves one with every retry, and the one from before its first change must outlast them.
    static let days = 7
    /// How long one that is saved or fetched may take, in minutes; later its run counts as killed.
    private static let patience = 60

    /// The end of a file's name until it is proven.
    static let unfinished = ".provision-tmp"

    private static let time = "[0-9]{8}T[0-9]{6}Z"
    /// A run's name.
    private static let run = "\(time)-n[0-9a-z]{4}"
    private static let rotations = "(service-account|encryption-key|front-proxy-ca|ca|etcd-ca|all|roots)-\(run)"
    private static let host = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
    /// What rotations, upgrades and removals call theirs.
    private static let names = "(\(rotations)|\(time)-before-upgrade|before-removal-of-\(host))"
    private static let fetched = "fetch-\(run)"

    /// What runs that were killed left behind in `$d`.
    static let leftovers = """
        find "$d" -maxdepth 1 -type f -mmin +\(patience) -regextype posix-extended -regex '.*/(\(fetched)\\.db|(\(fetched)|\(names))\\.db\\\(unfinished)(\\.part)?)' -delete 2> /dev/null || true
        """

    /// Removes the oldest in `$d`: never the one at `$f`, which is new, nor the last rotation's, which may soak for weeks.
    static let script = """
        w=$(($(date +%s) - \(days * 86_400))); aged=$(find "$d" -maxdepth 1 -type f ! -name "${f##*/}" -regextype posix-extended -regex '.*/\(names)\\.db' -printf '%T@ %f\\n' 2> /dev/null | sort -rn)
        latest=$(echo "$aged" | grep -E -m 1 '^[0-9.]+ \(rotations)[.]db$') || true; latest=${latest#* }
        echo "$aged" | tail -n +\(kept) | while read -r t o; do [ "$o" = "$latest" ] || [ "${t%%.*}" -ge $w ] || rm -f "$d/$o" "$d/$o.sha256" 2> /dev/null || true; done
        """
}
