import Foundation

/// What is written into a machine before its first boot.
struct LabMachineFiles {
    let configuration: LabConfiguration
    let host: LabHost

    private static let service = """
        [Unit]
        Description=Network and mounts of a lab machine
        DefaultDependencies=no
        After=local-fs.target
        Before=network-pre.target network.target network-online.target ssh.service

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/bin/sh /etc/lab/start

        [Install]
        WantedBy=sysinit.target

        """

    /// systemd-networkd would wait for udev for ever; kubelet wants shared mounts and writable cgroups.
    private var start: String {
        """
        set -e
        ip link set lo up
        ip addr replace \(host.address)/\(configuration.prefixLength) dev host0
        ip link set host0 up
        ip route replace default via \(configuration.gateway)
        # No cloud's metadata service is here: whoever asks is told so at once (kubelets else wait six seconds at each start).
        ip route replace unreachable 169.254.0.0/16
        mount --make-rshared /
        for c in /sys/fs/cgroup /sys/fs/cgroup/*; do mountpoint -q "$c" && mount -o remount,rw,bind "$c" || true; done

        """
    }

    private var hosts: String {
        "127.0.0.1 localhost\n" + configuration.hosts.map { "\($0.address) \($0.name)\n" }.joined()
    }

    /// Stable for a machine, different between machines.
    private var machineID: String {
        let generation = MachineGeneration(configuration, host).number
        let text =
            "\(configuration.name)/\(configuration.subnet)/\(host.name)" + (generation == 0 ? "" : "/\(generation)")
        let halves = [UInt64(14_695_981_039_346_656_037), 1_469_598_103_934_665_603].map { seed in
            text.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        }
        return halves.map { half in
            String(repeating: "0", count: 16 - String(half, radix: 16).count) + String(half, radix: 16)
        }.joined()
    }

    /// Writes into the machine's upper layer.
    func write(to upper: String) throws {
        let key = try String(contentsOfFile: configuration.identityFile + ".pub", encoding: .utf8)
        let files: [(String, String, Int)] = [
            ("/etc/hostname", host.name + "\n", 0o644), ("/etc/hosts", hosts, 0o644),
            ("/etc/machine-id", machineID + "\n", 0o444),
            ("/etc/lab/start", start, 0o755), ("/etc/systemd/system/lab.service", Self.service, 0o644),
            ("/root/.ssh/authorized_keys", key, 0o600), ("/etc/resolv.conf", "", 0o644),
            (
                "/etc/ssh/sshd_config.d/lab.conf", "UseDNS no\nPermitRootLogin prohibit-password\nMaxStartups 100\n",
                0o644
            ),
        ]
        for (path, text, mode) in files {
            let directory = (upper + path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try text.write(toFile: upper + path, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: upper + path)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: upper + "/root")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: upper + "/root/.ssh")
        try link("/etc/systemd/system/lab.service", at: upper + "/etc/systemd/system/sysinit.target.wants/lab.service")
        for unit in [
            "systemd-networkd.service", "systemd-networkd-wait-online.service", "systemd-resolved.service",
            "systemd-timesyncd.service",
        ] {
            try link("/dev/null", at: upper + "/etc/systemd/system/" + unit)
        }
    }

    private func link(_ target: String, at path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
}
