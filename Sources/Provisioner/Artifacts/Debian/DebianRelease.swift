import SystemPackage

/// The Debian release of this machine, from `/etc/os-release`.
struct DebianRelease: Sendable, Hashable {
    let codename: String

    init(osRelease text: String) throws(ArtifactError) {
        var fields: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            fields[line[..<equals]] = line[line.index(after: equals)...].filter { $0 != "\"" }
        }
        guard fields["ID"] == "debian", let codename = fields["VERSION_CODENAME"] else {
            throw ArtifactError(
                .unsupported,
                subject: "this machine",
                attempted: "use its Debian package sources",
                reason: "/etc/os-release says \(fields["PRETTY_NAME"] ?? "nothing")",
                remedy: "choose artifacts.source upstream, mirror or directory, or run on Debian"
            )
        }
        self.codename = codename
    }

    static func current() throws -> DebianRelease {
        try DebianRelease(osRelease: (try? Files.text("/etc/os-release")) ?? "")
    }
}
