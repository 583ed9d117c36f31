import Templates

/// Whether an API server serves, asked of itself on its own host, and of etcd on its hosts.
package enum ServingQuestion {
    /// What is printed where it does.
    package static let yes = "it answers"
    /// What is printed where it refuses: what is shown may have ended while the API serves everybody else, or nobody.
    package static let refusal = "it refuses"
    /// What is printed where etcd has a leader.
    package static let leader = "etcd has a leader"

    /// The first host whose API server serves; one that knows nobody refuses also without an etcd behind it.
    ///
    /// - Parameter words: What each host printed.
    /// - Returns: `nil` where nobody serves.
    package static func serving(_ words: [String: String]) -> String? {
        let isLed = words.values.contains { $0.contains(leader) }
        return words.filter { $0.value.contains(yes) || isLed && $0.value.contains(refusal) }.keys.min()
    }

    /// What is asked on one host, POSIX sh.
    package static func question(for host: HostSpec) -> String {
        let parts = [host.has(.controller) ? script : nil, host.has(.etcd) ? leaderScript : nil]
        return parts.compactMap(\.self).joined(separator: "\n")
    }

    /// As etcd's health is asked for everywhere: it needs no certificate.
    package static let leaderScript = """
        if curl -fsS -m 3 http://127.0.0.1:2381/health 2> /dev/null | grep -q '"health":"true"'; then
          echo '\(leader)'
        fi
        """

    /// POSIX sh.
    ///
    /// An API server whose own certificate has ended serves nobody, and one that is not ready is down.
    package static var script: String {
        let paths = HostPaths.standard
        let client = paths.apiServerKubeletClient
        return """
            ask() { curl -s -m 5 -o /dev/null -w '%{http_code}' --cacert \(paths.clusterCA) "$@" https://127.0.0.1:6443/readyz; }
            s=$(ask --cert \(client.certificate) --key \(client.key)) || true
            [ "${s:-000}" != 000 ] || s=$(ask) || true
            case $s in 2??) echo '\(yes)' ;; 401|403) echo '\(refusal)' ;; esac
            """
    }
}
