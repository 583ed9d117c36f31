/// Endpoints that must answer; each is asked once by its probe, and awaited after a start.
enum Health {
    /// A check that a command can make; waits up to `seconds`, then shows the unit's own words.
    ///
    /// The script `settling` follows a wait, for what takes longer and is no part of the check.
    static func check(
        _ id: String,
        title: String,
        reason: String,
        unit: String,
        command: String,
        seconds: Int,
        settling: String = ""
    ) -> CommandResource {
        CommandResource(
            id: "health:\(id)",
            title: title,
            reason: reason,
            check: "\(command) > /dev/null",
            action: Action(
                kind: .wait,
                title: "wait until \(title)",
                script: "probe_once() { \(command); }\nprove \(seconds) \(unit) probe_once"
                    + (settling.isEmpty ? "" : "\n\(settling)"),
                seconds: seconds + (settling.isEmpty ? 10 : 70)
            ),
            afterStartOf: unit == "-" ? nil : unit
        )
    }

    /// `curl` that fails on any status but success, within three seconds.
    static let curl = "curl -fsS -m 3 -o /dev/null"

    /// `curl` with the cluster's authority and a client certificate.
    static func curl(certificate: String) -> String {
        "\(curl) --cacert /etc/kubernetes/pki/ca.crt --cert \(certificate).crt --key \(certificate).key"
    }
}
