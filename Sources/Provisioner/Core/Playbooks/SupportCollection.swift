import Templates

/// What a host hands over for people who look for a fault: files, journals, output of commands.
///
/// Everything is redacted before it is written anywhere; see `Redaction`.
package struct SupportCollection: Sendable, Hashable {
    package struct Command: Sendable, Hashable {
        package var name: String
        package var script: String
    }

    /// Paths or patterns.
    package var files: [String]
    package var units: [String]
    /// Of each journal.
    package var lines: Int
    package var commands: [Command]

    /// One thing that a host answered.
    package struct Item: Sendable, Hashable {
        /// Below the host's folder: `files/etc/hosts`, `journal/kubelet.service.log`, `commands/routes.txt`.
        package var name: String
        package var content: [UInt8]
        /// Why it has no content.
        package var leftOut: String?
    }

    /// Bytes of one file.
    static let fileLimit = 1 << 20

    /// What it asks for, in words.
    package var summary: String {
        "\(counted(files.count, "file pattern")), \(counted(units.count, "unit")), \(counted(commands.count, "command"))"
    }

    /// POSIX sh: every item as a line `NONCE item NAME`, its content in base64, and a line `NONCE end`.
    ///
    /// Keys never leave the host: neither by name nor by what stands in the file.
    package func script(nonce: String) -> String {
        """
        \(Prelude.probing)
        T=10s K=15 all=0
        item() { # name; content on standard input
          all=$((all + 1)); echo '\(nonce) item' "$1"; head -c \(Self.fileLimit) | base64 -w 0; echo; echo '\(nonce) end'; }
        out() { echo '\(nonce) out' "$1"; echo "$2" | tr -d '\\n' | base64 -w 0; echo; echo '\(nonce) end'; }
        file() {
          [ -e "$1" ] || return 0
          [ -f "$1" ] || { out "files$1" "not a regular file"; return 0; }
          case $1 in *.key|*.p12|*.pfx|*/shadow*|*token*|*id_rsa*|*id_ed25519*|*id_ecdsa*|*_key) out "files$1" "its name says that it holds a secret"; return 0;; esac
          ! grep -qs 'PRIVATE KEY' "$1" || { out "files$1" "it holds a private key"; return 0; }
          item "files$1" < "$1"; }
        \(files.map { "set +f; for f in \(Self.pattern($0)); do set -f; file \"$f\"; done; set -f" }.joined(separator: "\n"))
        \(units.map(unit).joined(separator: "\n"))
        \(commands.map { "timeout 30 /bin/sh -c \(ShellQuoting.quote($0.script)) 2>&1 | item 'commands/\($0.name).txt'" }.joined(separator: "\n"))
        echo '\(nonce) complete'
        """
    }

    /// Quoted but for the stars.
    static func pattern(_ text: String) -> String {
        text.split(separator: "*", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "" : ShellQuoting.quote(String($0))
        }
        .joined(separator: "*")
    }

    private func unit(_ name: String) -> String {
        """
        if systemctl cat \(name) > /dev/null 2>&1; then
        journalctl -u \(name) -n \(lines) --no-pager -o short-iso 2>&1 | item 'journal/\(name).log'
        { systemctl status --no-pager -n 0 \(name); systemctl cat \(name); } 2>&1 | item 'units/\(name).txt'
        fi
        """
    }

    /// Reads the answer back.
    ///
    /// - Parameters:
    ///   - output: What the script printed.
    ///   - nonce: The word that its own lines begin with.
    /// - Returns: The items, and whether the script came to its end.
    package static func items(in output: String, nonce: String) -> (items: [Item], isComplete: Bool) {
        var items: [Item] = []
        var current: (name: String, isOut: Bool, text: String)?
        var isComplete = false
        for line in output.split(separator: "\n") {
            guard line.hasPrefix(nonce + " ") else {
                current?.text += line
                continue
            }
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            switch words.dropFirst().first {
            case "item", "out": current = (Self.safe(words.last ?? ""), words[1] == "out", "")
            case "end":
                if let done = current, let bytes = Base64.decode(done.text) {
                    let reason = String(decoding: bytes, as: UTF8.self)
                    items.append(
                        Item(name: done.name, content: done.isOut ? [] : bytes, leftOut: done.isOut ? reason : nil)
                    )
                }
                current = nil
            case "complete": isComplete = true
            default: break
            }
        }
        return (items, isComplete)
    }

    /// A host chooses no path on the operator's machine.
    private static func safe(_ name: String) -> String {
        name.split(separator: "/").filter { $0 != "." && $0 != ".." }.map { part in
            String(
                part.unicodeScalars.map { scalar in
                    let isPlain =
                        scalar.isASCII
                        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                            || "-_.@:+".unicodeScalars.contains(scalar))
                    return isPlain ? Character(scalar) : "_"
                }
            )
        }.joined(separator: "/")
    }
}
