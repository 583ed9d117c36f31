import Templates

/// What scripts about etcd's members have in common.
enum EtcdShell {
    /// `E`: etcdctl with the health check's certificate; answers of a dead endpoint do not take for ever.
    ///
    /// Where nobody listens, as before a cluster is founded, etcdctl 3.4 tries again for its whole time, so that is asked first.
    static let client = """
        heard() { hc=0; curl -so /dev/null --connect-timeout 3 -m 5 "$1/" || hc=$?; [ $hc != 7 ]; } # 7 is a refused connection
        E() {
          case "$1 $2" in --endpoints*,*) ;; --endpoints*) heard "$2" || { echo "nobody listens at $2" >&2; return 1; };; esac
          ETCDCTL_API=3 etcdctl --dial-timeout 3s --command-timeout 15s \(flags) "$@"; }
        """

    /// `healthy URL`: the member answers, sees a leader and has no alarm.
    static let healthy = """
        healthy() { curl -fsS -m 3 \(curl) $1/health 2> /dev/null | grep -q '"health":"true"'; }
        """

    private static let key = HostPaths.standard.etcdHealthcheckClient
    private static let authority = HostPaths.standard.etcdCA
    private static let flags = "--cacert \(authority) --cert \(key.certificate) --key \(key.key)"
    private static let curl = flags

    /// From `l`, a member list: `voters`, those `left` without one, how many of these are `up`, who is `ill`, and how many
    /// the `left` ones `need`.
    ///
    /// - Parameter gone: A word of the shell that is the ID of the member that goes or stops.
    /// - Returns: POSIX sh.
    static func arithmetic(gone: String) -> String {
        """
        voters=$(echo "$l" | grep -c ', false$' || true); left=0 up=0 ill=
        for v in $(echo "$l" | grep ', false$' | sed 's/, /|/g'); do
        [ "${v%%|*}" != "\(gone)" ] || continue
        left=$((left + 1)); if healthy "$(echo "$v" | cut -d'|' -f5)"; then up=$((up + 1)); else ill="$ill $(echo "$v" | cut -d'|' -f3)"; fi
        done; need=$((left / 2 + 1))
        """
    }

    /// Whether the member at an endpoint leads, as a condition.
    static func leads(_ endpoint: String) -> String {
        #"[ "$(E --endpoints \#(endpoint) endpoint status | awk -F', ' '{for (i = 5; i <= NF; i++) if ($i == "true" || $i == "false") {print $i; exit}}')" = true ]"#
    }

    /// From `l`, a member list: the leader's office goes to the first healthy voter that neither goes nor stops.
    ///
    /// - Parameters:
    ///   - endpoint: The leader's.
    ///   - gone: A word of the shell that is the ID of the member that goes or stops.
    ///   - otherwise: What is done where it does not.
    /// - Returns: POSIX sh.
    static func handover(from endpoint: String, gone: String, otherwise: String = "") -> String {
        """
        for v in $(echo "$l" | grep ', false$' | sed 's/, /|/g'); do
        [ "${v%%|*}" != \(gone) ] && healthy "$(echo "$v" | cut -d'|' -f5)" || continue
        E --endpoints \(endpoint) move-leader "${v%%|*}"\(otherwise); break; done
        """
    }
}
