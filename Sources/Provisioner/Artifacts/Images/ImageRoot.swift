import SystemPackage

/// Assembles an image's root directory out of Debian packages and a few files of its own.
struct ImageRoot: Sendable {
    let path: FilePath

    /// Folders that a running container does not read.
    private static let unneeded = [
        "usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/bash-completion",
        "usr/share/bug", "usr/share/info", "usr/share/gcc", "usr/share/perl5", "usr/share/gdb", "lib/systemd",
        "usr/lib/systemd", "etc/init.d", "etc/cron.daily", "etc/logrotate.d", "etc/systemd", "var/cache/apt",
    ]

    /// Busybox applets to have where no package brings the program itself.
    private static let applets = [
        "awk", "basename", "cat", "chmod", "cmp", "cp", "cut", "date", "diff", "dirname", "echo", "env", "expr",
        "false", "find", "grep", "head", "hostname", "id", "ip", "kill", "ln", "ls", "mkdir", "mktemp", "mv", "nc",
        "nslookup", "ping", "printf", "ps", "pwd", "readlink", "rm", "rmdir", "sed", "sha256sum", "sleep", "sort",
        "stat", "tail", "tee", "test", "timeout", "touch", "tr", "true", "uniq", "wc", "wget", "which", "xargs",
    ]

    /// Unpacks the packages and prepares a root that runs without package scripts.
    func assemble(_ packages: [FilePath]) async throws {
        try Files.createDirectory(path)
        for package in packages { try await DebianPackage(path: package).extract(to: path) }
        try await offloaded {
            for folder in Self.unneeded { Files.remove(path.appending(folder)) }
            for folder in Files.names(in: path.appending("usr/lib")) {
                Files.remove(path.appending("usr/lib/\(folder)/gconv"))
                Files.remove(path.appending("usr/lib/\(folder)/perl-base"))
            }
            for folder in ["dev", "proc", "sys", "run", "root", "tmp", "etc", "usr/bin", "bin"] {
                try Files.createDirectory(path.appending(folder))
            }
            // The base system's packages make this link by script, which is not run here.
            Files.remove(path.appending("var/run"))
            try Files.createDirectory(path.appending("var"))
            try Files.link("../run", at: path.appending("var/run"))
            try Self.files.forEach { name, text in try add(name, text) }
        }
        try await offloaded { try linkApplets() }
        _ = try await Command("chmod", ["1777", path.appending("tmp").string]).output()
    }

    /// Adds a text file.
    func add(_ name: String, _ text: String) throws {
        try Files.write(Array(text.utf8), to: path.appending(name))
    }

    /// Adds a program.
    func addProgram(_ name: String, from source: FilePath) throws {
        let target = path.appending(name)
        try Files.createDirectory(target.removingLastComponent())
        try Files.linkOrCopy(source, to: target)
    }

    private func linkApplets() throws {
        guard Files.exists(path.appending("bin/busybox")) else { return }
        let missing = Self.applets.filter { name in
            ["bin", "sbin", "usr/bin", "usr/sbin"].allSatisfy { !Files.exists(path.appending("\($0)/\(name)")) }
        }
        for name in missing {
            try Files.link("busybox", at: path.appending("bin/\(name)"))
        }
    }

    private static let files: [(String, String)] = [
        (
            "etc/passwd",
            """
            root:x:0:0:root:/root:/bin/sh
            dnsmasq:x:100:65534:dnsmasq:/:/bin/false
            nobody:x:65534:65534:nobody:/:/bin/false

            """
        ),
        // Debian's dnsmasq changes to the group dip.
        ("etc/group", "root:x:0:\ndip:x:30:\nnogroup:x:65534:\n"),
        ("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    ]
}
