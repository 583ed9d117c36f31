/// Settings that several services share.
package enum ServiceSettings {
    package typealias Setting = SystemdUnit.Setting

    /// A process that must always run again after it ends.
    package static func restarting(seconds: Int = 5) -> [Setting] {
        [Setting("Restart", "always"), Setting("RestartSec", String(seconds))]
    }

    /// Sandboxing for servers that touch nothing but their own directories (systemd.exec(5)).
    ///
    /// Device and clock protection are left out: in containers without the devices controller they stop the service.
    package static func sandbox(writable: [String], capabilities: [String] = []) -> [Setting] {
        let writablePaths = writable.map { Setting("ReadWritePaths", SystemdQuoting.word("-" + $0)) }
        return [Setting("NoNewPrivileges", "yes"), Setting("ProtectSystem", "strict")] + writablePaths + [
            Setting("ProtectHome", "yes"),
            Setting("PrivateTmp", "yes"),
            Setting("ProtectKernelTunables", "yes"),
            Setting("ProtectKernelModules", "yes"),
            Setting("ProtectKernelLogs", "yes"),
            Setting("ProtectControlGroups", "yes"),
            Setting("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6 AF_NETLINK"),
            Setting("RestrictNamespaces", "yes"),
            Setting("RestrictRealtime", "yes"),
            Setting("RestrictSUIDSGID", "yes"),
            Setting("LockPersonality", "yes"),
            Setting("SystemCallArchitectures", "native"),
            Setting("CapabilityBoundingSet", capabilities.joined(separator: " ")),
        ]
    }
}
