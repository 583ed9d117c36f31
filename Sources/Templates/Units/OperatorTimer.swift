/// A systemd timer on the operator's machine that runs one verb of the program on a cluster.
package struct OperatorTimer: Sendable, Hashable {
    /// Of the units, without an extension.
    package var name: String
    /// What it does, as systemctl shows it.
    package var description: String
    /// The program's absolute path, and its words.
    package var command: [String]
    /// In systemd's words, for example `daily` (systemd.time(7)).
    package var schedule: String
    /// What the program finds in its environment; a service has nothing of the shell that made it.
    package var environment: [String: String] = [:]

    package init(name: String, description: String, command: [String], schedule: String) {
        self.name = name
        self.description = description
        self.command = command
        self.schedule = schedule
    }

    /// Both files in a directory of units, the service first.
    package func rendered(in directory: String) -> [RenderedFile] {
        [
            RenderedFile(path: "\(directory)/\(name).service", text: service, mode: 0o644, secrecy: .open),
            RenderedFile(path: "\(directory)/\(name).timer", text: timer, mode: 0o644, secrecy: .open),
        ]
    }

    private var service: String {
        """
        [Unit]
        Description=\(description)
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=oneshot
        \(settings)ExecStart=\(command.map { SystemdQuoting.argument($0) }.joined(separator: " "))
        NoNewPrivileges=yes
        Nice=10

        """
    }

    private var settings: String {
        environment.sorted { $0.key < $1.key }.map { "Environment=\(SystemdQuoting.word("\($0)=\($1)"))\n" }.joined()
    }

    private var timer: String {
        """
        [Unit]
        Description=\(description), \(schedule)

        [Timer]
        OnCalendar=\(schedule)
        RandomizedDelaySec=15min
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
    }
}

extension OperatorTimer {
    /// The timers that a cluster may have, each with the verb that makes and removes it.
    package static func all(of cluster: String) -> [(name: String, verb: String)] {
        [(certificates(cluster), "certs timer"), (backup(cluster), "backup timer")]
    }

    private static func certificates(_ cluster: String) -> String { "provision-certs-\(cluster)" }
    private static func backup(_ cluster: String) -> String { "provision-backup-\(cluster)" }

    /// Looks at the certificates, and only looks.
    ///
    /// - Parameters:
    ///   - cluster: Its name.
    ///   - program: Absolute.
    ///   - inventory: Absolute.
    ///   - prometheus: The file for node_exporter's textfile collector; `nil` for none.
    ///   - schedule: In systemd's words.
    ///   - within: As `certs check --within` takes it; `nil` for its default.
    /// - Returns: The timer.
    package static func certificates(
        of cluster: String,
        program: String,
        inventory: String,
        prometheus: String?,
        schedule: String,
        within: String?
    ) -> OperatorTimer {
        let options = (within.map { ["--within", $0] } ?? []) + (prometheus.map { ["--prometheus", $0] } ?? [])
        return OperatorTimer(
            name: certificates(cluster),
            description: "Look at the certificates of a cluster",
            command: [program, "certs", "check", "--no-input"] + options + [inventory],
            schedule: schedule
        )
    }

    /// Makes a back-up, and keeps the newest ones.
    ///
    /// - Parameters:
    ///   - cluster: Its name.
    ///   - program: Absolute.
    ///   - inventory: Absolute.
    ///   - words: What `backup create` is told beside it: where to write, what seals, how many stay.
    ///   - schedule: In systemd's words.
    /// - Returns: The timer.
    package static func backup(
        of cluster: String,
        program: String,
        inventory: String,
        words: [String],
        schedule: String
    ) -> OperatorTimer {
        OperatorTimer(
            name: backup(cluster),
            description: "Back up a cluster",
            command: [program, "backup", "create", "--no-input"] + words + [inventory],
            schedule: schedule
        )
    }
}
