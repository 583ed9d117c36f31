import Templates

/// A program that comes as a distribution package: sent as files where the materials have them, else by the host's apt.
struct DebianPackage {
    /// As the materials call it.
    let name: String
    /// As dpkg calls it.
    let package: String
    let program: String
    let reason: String

    /// Where dpkg calls one otherwise than the materials.
    private static let names = ["docker": "docker.io"]

    /// A group that it makes and its removal leaves behind, by dpkg's name.
    static let groups = ["docker.io": "docker"]

    init(name: String, program: String, reason: String) {
        self.name = name
        self.package = Self.names[name] ?? name
        self.program = program
        self.reason = reason
    }

    /// The package that a resource installs, as dpkg calls it; `nil` where it installs none.
    static func name(of resource: any Resource) -> String? {
        guard resource.id.hasPrefix("package:") else { return nil }
        let name = String(resource.id.dropFirst("package:".count))
        return names[name] ?? name
    }

    func resources(_ context: ComponentContext) -> [any Resource] {
        let files = context.materials.packages[name] ?? []
        let sent = files.map { upload in
            let file = upload.localPath.split(separator: "/").last.map(String.init) ?? name
            return BinaryResource(
                path: "/var/lib/provision/packages/\(name)/\(file)",
                uploads: ["x86_64": upload, "aarch64": upload],
                mode: 0o644,
                reason: "a package file of \(name)"
            )
        }
        return sent + [installed(sent.map(\.path))]
    }

    /// The version of the file that holds the package itself; dpkg's colon is escaped in file names.
    private func version(_ files: [String]) -> String? {
        let names = files.compactMap { $0.split(separator: "/").last }.map { $0.split(separator: "_") }
        return names.first { $0.count == 3 && $0[0] == package }.map { String($0[1]).replacing("%3a", with: ":") }
    }

    /// A removal that somebody else configured is no matter of this change.
    private static let apt = "apt-get -q -o APT::Get::AutomaticRemove=false"

    private var simulation: String { "\(Self.apt) -s install --no-install-recommends \(package) 2> /dev/null" }

    /// What is in the way is somebody else's: apt takes it away without a word.
    private var untouched: String {
        """
        g=$(\(simulation) | awk '/^(Remv|Purg) /{print $2}')
        [ -z "$g" ] || { echo "apt would remove" $g "for \(package); if they may go, on this host: apt-get remove" $g; exit \(AptChange.refusal); }
        """
    }

    /// Written down before it is made, like the packages.
    private var group: String {
        guard let group = Self.groups[package] else { return ":" }
        return "getent group \(group) > /dev/null || known group:\(group) || note created group:\(group) '' ''"
    }

    /// Exactly these files: others of an earlier version may lie beside them.
    private func installed(_ files: [String]) -> CommandResource {
        let version = version(files)
        let state = version.map { "'ii  \($0)'" } ?? "'^ii'"
        let list = files.map(ShellQuoting.quote).joined(separator: " ")
        let install =
            !files.isEmpty
            ? "dpkg -i --force-confold \(list)"
            : "DEBIAN_FRONTEND=noninteractive \(Self.apt) install -y --no-remove --no-install-recommends \(package)"
        // Written down before they come: a package that was there already is not ours to remove.
        let names =
            !files.isEmpty
            ? "for f in \(list); do dpkg-deb -f $f Package; done"
            : "\(simulation) | awk '/^Inst /{print $2}'"
        return CommandResource(
            id: "package:\(name)",
            title: "package \(name)",
            reason: reason,
            // `ii`: what a killed dpkg leaves is unpacked, not installed.
            check: """
                ! grep -qs '^# provision' /usr/sbin/policy-rc.d && [ -x \(program) ] && \
                dpkg-query -W -f '${db:Status-Abbrev} ${Version}' \(package) | grep \(version == nil ? "" : "-xF ")\(state)
                """,
            action: Action(
                kind: .run,
                title: "install \(name)\(version.map { " \($0)" } ?? "")",
                script: """
                    \(files.isEmpty ? untouched : ":")
                    known package:\(name) || spare /etc/\(name)
                    for n in $(\(names)); do dpkg-query -W -f '${db:Status-Abbrev}' $n 2> /dev/null | grep -q '^.i' || \
                    known package:$n || note created package:$n '' ''; done
                    \(group)
                    p=/usr/sbin/policy-rc.d; [ -e $p ] || { printf '#!/bin/sh\\n# provision\\nexit 101\\n' > $p; chmod 755 $p; }
                    rc=0; \(install) 2>&1 || rc=$?
                    ! grep -qs '^# provision' $p || rm -f $p
                    [ $rc = 0 ]
                    """,
                seconds: 180
            ),
            digest: version ?? ""
        )
    }
}
