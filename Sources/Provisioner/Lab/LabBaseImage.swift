import Foundation

/// The root file system that every machine starts from: Debian 12, made once by debootstrap and cached.
struct LabBaseImage {
    private static let packages = [
        "systemd", "systemd-sysv", "dbus", "openssh-server", "iproute2", "iputils-ping", "iptables", "nftables",
        "procps",
        "kmod", "ca-certificates", "curl", "socat", "conntrack", "ethtool", "ipset", "sudo", "openssl",
    ]
    /// Counted up when the recipe changes in another way than by its packages.
    private static let recipe = "bookworm-1"

    let cacheDirectory: String

    /// Named by its recipe, so that another recipe is another image.
    var path: String {
        let text = Self.recipe + Self.packages.joined(separator: " ")
        let sum = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return "\(cacheDirectory)/lab/base-\(String(sum, radix: 16))"
    }

    /// Makes the image where it is missing; it appears whole, by a rename.
    func ensure(_ progress: (String) -> Void) async throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        progress("making the base image with debootstrap, once; about a minute")
        try FileManager.default.createDirectory(atPath: cacheDirectory + "/lab", withIntermediateDirectories: true)
        let temporary = path + ".partial"
        try? FileManager.default.removeItem(atPath: temporary)
        try await Tool.run(
            "debootstrap",
            [
                "--variant=minbase", "--include=\(Self.packages.joined(separator: ","))", "bookworm", temporary,
                try await mirror(),
            ],
            seconds: 1500
        )
        try trim(temporary)
        try FileManager.default.moveItem(atPath: temporary, toPath: path)
    }

    /// The mirror that this machine's own apt uses for Debian 12.
    private func mirror() async throws -> String {
        let text = try await Tool.run(
            "apt-get",
            ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
        )
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard
            let line = lines.first(where: {
                $0.count == 3 && ["bookworm", "stable", "oldstable"].contains($0[1]) && $0[2] == "main"
            })
        else {
            throw LabError(
                .commandFailed,
                subject: "apt",
                attempted: "find a Debian 12 mirror in this machine's apt sources",
                reason: "no source names bookworm main",
                remedy: "add one to /etc/apt/sources.list.d and run apt-get update"
            )
        }
        return line[0]
    }

    private func trim(_ root: String) throws {
        for path in ["/var/lib/apt/lists", "/var/cache/apt", "/usr/share/doc", "/usr/share/man", "/usr/share/locale"] {
            try? FileManager.default.removeItem(atPath: root + path)
            try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
        }
        for path in [
            "/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key",
            "/etc/ssh/ssh_host_ed25519_key",
        ] {
            try? FileManager.default.removeItem(atPath: root + path)
        }
    }
}
