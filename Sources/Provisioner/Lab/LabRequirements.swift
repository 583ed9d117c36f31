import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// What this machine must have before a lab can run.
enum LabRequirements {
    /// Programs and the Debian packages that bring them.
    private static let tools = [
        ("systemd-nspawn", "systemd-container"), ("debootstrap", "debootstrap"), ("ip", "iproute2"),
        ("ssh-keygen", "openssh-client"), ("mount", "mount"), ("setsid", "util-linux"), ("sysctl", "procps"),
    ]

    /// Names everything that is missing at once.
    static func check() async throws {
        guard getuid() == 0 else {
            throw LabError(
                .missingTools,
                subject: "this machine",
                attempted: "start machines",
                reason: "root is needed for network namespaces and mounts",
                remedy: "run the same command with sudo"
            )
        }
        var packages: [String] = []
        for (tool, package) in tools where await !Tool.exists(tool) { packages.append(package) }
        guard packages.isEmpty else {
            throw LabError(
                .missingTools,
                subject: "this machine",
                attempted: "find the lab's programs",
                reason: "missing packages: \(packages.joined(separator: " "))",
                remedy: "apt-get install \(packages.joined(separator: " "))"
            )
        }
    }
}
