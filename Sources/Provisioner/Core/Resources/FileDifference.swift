package import Templates

/// What lies on a host beside what is wanted, as a unified difference; of no file that holds a secret.
package enum FileDifference {
    /// Forms that secrets have, for `grep -Ei`: what was put by hand where an open file belongs may hold anything.
    private static let signs = [
        #"BEGIN [A-Z ]*PRIVATE KEY"#,
        #"key-?data["']?[[:space:]]*[:=]"#,
        #"(^|[^a-z0-9])(password|passwd|passphrase|secret|(identity)?token|psk|(api|access)[_-]?key)[a-z0-9_]*["']?"#
            + value,
        #"(^|[^a-z0-9_-])auth["']?"# + value,
        #"authorization["']?[[:space:]]*[:=][[:space:]]*["']?(basic|bearer)"#,
        #"(auth_pass|insecure-password|stats[[:space:]]+auth)[[:space:]]+[^[:space:]]"#,
        #"eyJ[a-z0-9_-]{10,}\.[a-z0-9_-]"#,
        #"://[^[:space:]/:@]+:[^[:space:]/@]+@"#,
    ].joined(separator: "|")

    /// Something follows on the line that is no list and no object.
    private static let value = #"[[:space:]]*[:=][[:space:]]*["']?[^[:space:]"'{[]"#

    /// Lines that are shown of one file.
    private static let limit = 40

    /// Whether it is text, and nobody's secret.
    package static func mayShow(_ file: RenderedFile) -> Bool {
        file.secrecy == .open && String(validating: file.content, as: UTF8.self) != nil
    }

    /// A script that prints the differences of these files; what looks like a secret does not leave the host.
    package static func script(_ files: [RenderedFile]) -> String {
        let shown = files.filter(mayShow).map { file in
            let path = ShellQuoting.quote(file.path)
            return "printf '== %s\\n' \(path); \(HereDocument(content: file.content).feeding("show \(path)"))"
        }
        return ([function] + shown).joined(separator: "\n")
    }

    private static let function = """
        show() { # path; what is wanted comes on standard input
          d=$(diff -u "$1" - | tail -n +3)
          rc=0; { cat "$1"; printf '%s\\n' "$d"; } | sed 's/--initial-cluster-token=//' | LC_ALL=C grep -aEic -e \(ShellQuoting.quote(signs)) > /dev/null || rc=$?
          if [ $rc != 1 ]; then
            echo '(not shown: it looks as if it held a secret)'
          else
            printf '%s\\n' "$d" | sed -n -e '1,\(limit)p' -e '\(limit + 1)s/.*/(and more)/p'
          fi; }
        """

    /// By path; a file without a difference is missing.
    package static func parse(_ output: String) -> [String: String] {
        var differences: [String: String] = [:]
        var path = ""
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("== ") {
                path = String(line.dropFirst(3))
            } else if !line.isEmpty {
                differences[path, default: ""] += line + "\n"
            }
        }
        return differences
    }
}
