/// A systemd timer on the operator's machine that looks at a cluster's certificates, and only looks.
package struct CertificateTimer: Sendable, Hashable {
    /// Of the units, without an extension.
    package var name: String
    /// Absolute.
    package var program: String
    package var inventory: String
    /// The file for node_exporter's textfile collector; `nil` for none.
    package var prometheus: String?
    /// In systemd's words, for example `daily` (systemd.time(7)).
    package var schedule: String
    /// As `certs check --within` takes it.
    package var within: String

    package init(
        name: String,
        program: String,
        inventory: String,
        prometheus: String?,
        schedule: String,
        within: String
    ) {
        self.name = name
        self.program = program
        self.inventory = inventory
        self.prometheus = prometheus
        self.schedule = schedule
        self.within = within
    }

    /// Both files in a directory of units, the service first.
    package func rendered(in directory: String) -> [RenderedFile] {
        [
            RenderedFile(path: "\(directory)/\(name).service", text: service, mode: 0o644),
            RenderedFile(path: "\(directory)/\(name).timer", text: timer, mode: 0o644),
        ]
    }

    private var service: String {
        let output = prometheus.map { ["--prometheus", $0] } ?? []
        let words = ["certs", "check", "--no-input", "--within", within] + output + [inventory]
        let command = ([program] + words).map { SystemdQuoting.argument($0) }.joined(separator: " ")
        return """
            [Unit]
            Description=Look at the certificates of a cluster
            Wants=network-online.target
            After=network-online.target

            [Service]
            Type=oneshot
            ExecStart=\(command)
            NoNewPrivileges=yes
            Nice=10

            """
    }

    private var timer: String {
        """
        [Unit]
        Description=Look at the certificates of a cluster, \(schedule)

        [Timer]
        OnCalendar=\(schedule)
        RandomizedDelaySec=15min
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
    }
}
