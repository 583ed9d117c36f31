/// One thing that a working cluster does, tried from a controller or from a client.
package struct SmokeCheck: Sendable, Hashable {
    /// Stable, for example `dns.service`.
    package var id: String
    package var title: String
    /// POSIX sh with the prelude's functions; status 0 is success, what it prints is shown.
    package var script: String
    /// Seconds that it may take.
    package var seconds: Int

    package init(_ id: String, _ title: String, seconds: Int = 60, script: String) {
        self.id = id
        self.title = title
        self.script = script
        self.seconds = seconds
    }

    /// The check as it goes to `/bin/sh -s`: the prelude, then the check, under `set -e`.
    package var text: String {
        "\(Prelude.probing)\n\(Prelude.acting)\nn() { kubectl --kubeconfig /etc/kubernetes/admin.conf -n \(SmokeTest.namespace) \"$@\"; }\n( set -e\n\(script)\n) 2>&1"
    }
}
