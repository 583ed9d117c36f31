import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// One machine: its disks, its systemd-nspawn, its death.
struct LabMachine {
    let configuration: LabConfiguration
    let host: LabHost
    let base: String

    private var paths: LabMachinePaths { LabMachinePaths(configuration, host) }

    private var cgroups: LabCgroups { LabCgroups(configuration, host) }

    /// The process that keeps the machine, while it runs.
    var process: LabProcess? {
        guard let text = try? String(contentsOfFile: paths.process, encoding: .utf8),
            let process = LabProcess(record: text), process.isRunning
        else { return nil }
        return process
    }

    /// Makes the disks of a new machine; an existing one keeps what it has.
    func prepare() async throws {
        if !FileManager.default.fileExists(atPath: paths.varLib) {
            for directory in [paths.upper, paths.work, paths.root] {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: paths.upper)
            try LabMachineFiles(configuration: configuration, host: host).write(to: paths.upper)
            try await Tool.run(
                "ssh-keygen",
                ["-q", "-t", "ed25519", "-N", "", "-C", host.name, "-f", paths.upper + "/etc/ssh/ssh_host_ed25519_key"]
            )
            try await Tool.run("cp", ["-a", base + "/var/lib", paths.varLib + ".partial"])
            try FileManager.default.moveItem(atPath: paths.varLib + ".partial", toPath: paths.varLib)
        }
        if try await Tool.output("mountpoint", ["-q", paths.root]).status != 0 {
            let options = "lowerdir=\(base),upperdir=\(paths.upper),workdir=\(paths.work)"
            try await Tool.run(
                "mount",
                ["-t", "overlay", "overlay-\(configuration.name)-\(host.name)", "-o", options, paths.root]
            )
        }
    }

    /// Starts systemd-nspawn in a session of its own, so that it outlives this process.
    func start() async throws {
        guard process == nil else { return }
        try? FileManager.default.removeItem(atPath: paths.process)
        // The kernel takes its time with the network of a machine that was killed.
        _ = try await Tool.output("ip", ["link", "del", "dev", configuration.link(host)])
        let arguments = Self.arguments(configuration, host, paths)
        let launcher = cgroups.joining + Self.launcher(configuration.link(host))
        try await Tool.run(
            "env",
            ["SYSTEMD_NSPAWN_API_VFS_WRITABLE=1", "setsid", "--fork", "sh", "-c", launcher, paths.console] + arguments
        )
        for _ in 0..<50 {
            if let text = try? String(contentsOfFile: paths.console + ".pid", encoding: .utf8),
                let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), let process = LabProcess(id: id)
            {
                try process.record.write(toFile: paths.process, atomically: true, encoding: .utf8)
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw LabError(
            .hostNotReady,
            subject: host.name,
            attempted: "start systemd-nspawn",
            reason: consoleTail,
            remedy: "look at \(paths.console)"
        )
    }

    /// POSIX sh: runs the machine until it is off, and again after each reboot from within.
    ///
    /// nspawn leaves with 133 then, for whoever keeps its unit. TERM, which asks for a clean shutdown, is passed on.
    static func launcher(_ link: String) -> String {
        """
        echo $$ > "$0".pid; trap 'kill -TERM $n' TERM
        while :; do
        systemd-nspawn "$@" > "$0" 2>&1 < /dev/null & n=$!
        rc=0; wait $n || rc=$?
        while kill -0 $n 2> /dev/null; do rc=0; wait $n || rc=$?; done
        [ $rc = 133 ] || exit $rc
        ip link del dev \(link) 2> /dev/null
        done
        """
    }

    /// The command line of the machine; each part was needed for Kubernetes inside.
    static func arguments(_ configuration: LabConfiguration, _ host: LabHost, _ paths: LabMachinePaths) -> [String] {
        [
            "--boot", "--quiet", "--keep-unit", "--register=no", "--directory=\(paths.root)",
            "--machine=\(configuration.machineName(host))", "--hostname=\(host.name)",
            "--network-bridge=\(configuration.bridge)",
            "--capability=all", "--bind=/dev/kmsg", "--bind=\(paths.varLib):/var/lib", "--resolv-conf=off",
            "--timezone=off",
            "--link-journal=no",
            "--system-call-filter=@default @system-service @mount @module @raw-io @keyring @privileged @sandbox bpf perf_event_open",
        ]
    }

    /// Shuts down as a machine does, then, after 20 s, by force.
    func stop() async throws {
        guard let process else { return }
        process.signal(SIGTERM)
        for _ in 0..<200 where process.isRunning { try await Task.sleep(for: .milliseconds(100)) }
        try await cutPower()
    }

    /// As if the cable were pulled; a machine that still ends when this returns would look as if it ran.
    func cutPower() async throws {
        let process = process
        process?.signal(SIGKILL)
        try await cgroups.killAll()
        for _ in 0..<100 where process?.isRunning ?? false { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// Releases the disks and the cgroups.
    func dispose() async throws {
        try await cgroups.remove()
        for _ in 0..<10 {
            guard try await Tool.output("mountpoint", ["-q", paths.root]).status == 0 else { return }
            if try await Tool.output("umount", ["-R", paths.root]).status == 0 { continue }
            try await Task.sleep(for: .milliseconds(300))
        }
        try await Tool.run("umount", ["-R", "-l", paths.root])
    }

    /// The last lines of the console, for errors.
    var consoleTail: String {
        let text = (try? String(contentsOfFile: paths.console, encoding: .utf8)) ?? "no console output"
        return text.split(separator: "\n").suffix(8).joined(separator: "\n")
    }

    /// The line for known_hosts: by address and by name.
    func knownHostsLine() throws -> String {
        let key = try String(contentsOfFile: paths.upper + "/etc/ssh/ssh_host_ed25519_key.pub", encoding: .utf8)
        let words = key.split(separator: " ")
        guard words.count >= 2 else {
            throw LabError(
                .hostNotReady,
                subject: host.name,
                attempted: "read its host key",
                reason: "the file is damaged",
                remedy: "provision lab down, then up"
            )
        }
        return "\(host.address),\(host.name) \(words[0]) \(words[1])\n"
    }
}
