import Templates

/// A program that comes as a distribution package: sent as files where the materials have them, else by the host's apt.
struct DebianPackage {
    /// As the materials call it.
    let name: String
    /// As dpkg calls it.
    let package: String
    let program: String
    let reason: String

    init(name: String, package: String? = nil, program: String, reason: String) {
        self.name = name
        self.package = package ?? name
        self.program = program
        self.reason = reason
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

    /// Exactly these files: others of an earlier version may lie beside them.
    private func installed(_ files: [String]) -> CommandResource {
        let list = files.map(ShellQuoting.quote).joined(separator: " ")
        let install =
            !files.isEmpty
            ? "dpkg -i --force-confold \(list)"
            : "DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \(package)"
        // Written down before they come: a package that was there already is not ours to remove.
        let names =
            !files.isEmpty
            ? "for f in \(list); do dpkg-deb -f $f Package; done"
            : "apt-get -s install --no-install-recommends \(package) 2> /dev/null | awk '/^Inst /{print $2}'"
        return CommandResource(
            id: "package:\(name)",
            title: "package \(name)",
            reason: reason,
            // `ii`: what a killed dpkg leaves is unpacked, not installed.
            check: """
                ! grep -qs '^# provision' /usr/sbin/policy-rc.d && [ -x \(program) ] && \
                dpkg-query -W -f '${db:Status-Abbrev} ${Version}' \(package) | grep '^ii'
                """,
            action: Action(
                kind: .run,
                title: "install \(name)",
                script: """
                    known package:\(name) || spare /etc/\(name)
                    for n in $(\(names)); do dpkg-query -W -f '${db:Status-Abbrev}' $n 2> /dev/null | grep -q '^.i' || \
                    known package:$n || note created package:$n '' ''; done
                    p=/usr/sbin/policy-rc.d; [ -e $p ] || { printf '#!/bin/sh\\n# provision\\nexit 101\\n' > $p; chmod 755 $p; }
                    rc=0; \(install) 2>&1 || rc=$?
                    ! grep -qs '^# provision' $p || rm -f $p
                    [ $rc = 0 ]
                    """,
                seconds: 180
            )
        )
    }
}
