/// The versions of the programs that run on one host now, whatever lies on its disk.
package struct RunningVersions: Sendable, Hashable {
    package private(set) var releases: [VersionedComponent: ComponentRelease] = [:]

    package init(_ releases: [VersionedComponent: ComponentRelease] = [:]) { self.releases = releases }

    /// Reads what the script printed; what a program does not say is left out.
    package init(output: String) {
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[0] == "version",
                let component = VersionedComponent(rawValue: String(words[1])),
                let release = words.dropFirst(2).last(where: Self.isRelease)
            else { continue }
            let plain = release.drop { $0 == "v" }
            // `Docker version 20.10.24, build 297e128`
            releases[component] = ComponentRelease(plain.last == "," ? plain.dropLast() : plain)
        }
    }

    /// `v1.20.2`, `1.6.20~ds1-1+deb12u3`, but no date and no commit.
    private static func isRelease(_ word: Substring) -> Bool {
        let digits = word.first == "v" ? word.dropFirst() : word
        return (digits.first?.isNumber ?? false) && digits.contains(".") && !digits.contains("/")
    }

    /// Read-only: a process is asked through its own program file, also where another one took its name since.
    package static func script(for host: HostSpec) -> String {
        var lines = [
            "LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH",
            "process() { p=$(systemctl show -p MainPID --value $2); [ \"${p:-0}\" -gt 0 ] || return 0; "
                + "echo \"version $1 $(/proc/$p/exe $3 2>&1 | head -n 1)\"; }",
        ]
        for component in VersionedComponent.allCases where host.has(component.role) {
            switch component {
            case .runc:
                lines.append("! command -v runc > /dev/null || echo \"version runc $(runc --version | head -n 1)\"")
            case .cniPlugins: continue
            default:
                let flag = component == .haproxy ? "-v" : "--version"
                lines.append("process \(component.rawValue) \(component.rawValue).service \(flag)")
            }
        }
        return (lines + ["true"]).joined(separator: "\n")
    }
}
