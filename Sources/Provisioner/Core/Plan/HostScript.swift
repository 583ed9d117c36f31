/// Scripts as they go to a host's `/bin/sh -s`, and the reading of what comes back.
///
/// Everything lies in one function that is called on the last line: a script cut off on its way does nothing.
/// Every line of the answer that means something begins with a nonce that the host could not know before.
package struct HostScript: Sendable {
    package let nonce: String

    package init(nonce: String) { self.nonce = nonce }

    /// Observes resources; answers are numbered in their order.
    package func probing(_ resources: [any Resource]) -> String {
        framed("\(Prelude.probing)\n\(Prelude.listening)", body: probes(of: resources))
    }

    /// Performs actions one after another, stopping at the first that fails, then observes.
    ///
    /// - Parameters:
    ///   - actions: Without uploads; those are commands of their own.
    ///   - resources: Observed afterwards, also when an action failed.
    /// - Returns: The script.
    package func applying(_ actions: [Action], thenProbing resources: [any Resource]) -> String {
        var body = "mkdir -p /run/provision\nexec 9> /run/provision/run.lock\n"
        body += "flock -w 120 9 || { echo '\(nonce) busy'; return 75; }\nok=1\n"
        for (index, action) in actions.enumerated() { body += step(index, action) }
        return framed(Prelude.probing + "\n" + Prelude.acting, body: body + probes(of: resources))
    }

    /// The command that receives an upload, for a command line of its own.
    ///
    /// - Parameters:
    ///   - action: The upload.
    ///   - isShared: Whether a listener of this host may send it on.
    /// - Returns: A command line.
    package func receiving(_ action: Action, isShared: Bool = false) -> String {
        command(action.script + (isShared ? linking(action) : ""))
    }

    /// The same from another host; the run's token comes on standard input.
    ///
    /// - Parameters:
    ///   - action: What receives it.
    ///   - upload: Which file.
    ///   - address: The other host's.
    ///   - port: Where its listener is.
    /// - Returns: A command line.
    package func taking(_ action: Action, _ upload: Action.Upload, from address: String, port: Int) -> String {
        let source = "take \(address) \(port) \(upload.sha256) \(upload.size)"
        return command("\(RelayScript.taking)\n\(source) | {\n\(action.script)\n}\(linking(action))")
    }

    private func linking(_ action: Action) -> String {
        guard let path = action.sharedPath, let upload = action.upload else { return "" }
        return "\n" + RelayScript.linking(path, sha256: upload.sha256)
    }

    private func command(_ script: String) -> String {
        let body = "\(Prelude.probing)\n\(Prelude.acting)\nset -e\n\(script)\necho '\(nonce) received'"
        return "/bin/sh -c \(Self.quote(body))"
    }

    private func framed(_ functions: String, body: String) -> String {
        "main() {\n\(functions)\n\(body)\necho '\(nonce) end'\n}\nmain\n"
    }

    private func step(_ index: Int, _ action: Action) -> String {
        """
        if [ $ok = 1 ]; then echo '\(nonce) start \(index)'; t=$(date +%s%3N)
        ( set -e
        \(action.script)
        ) 2>&1 9>&-; rc=$?; [ $rc = 0 ] || ok=0; echo; echo "\(nonce) done \(index) $rc $(($(date +%s%3N) - t))"; fi

        """
    }

    private func probes(of resources: [any Resource]) -> String {
        var paths: [String] = []
        var text = ""
        for (index, resource) in resources.enumerated() {
            switch resource.probe {
            case .file(let path): paths.append(path)
            case .script(let snippet):
                text += "r=$( { \(snippet)\n} 2>&1 ); echo \"\(nonce) probe \(index) $? \"$r\n"
            }
        }
        guard !paths.isEmpty else { return text }
        let list = paths.map(Self.quote).joined(separator: " ")
        return """
            set -- \(list)
            stat -c '\(nonce) stat %F|%a %U:%G %s|%n' "$@" 2> /dev/null
            h=$(sha256sum "$@" 2> /dev/null || true); echo "$h" | sed 's/^/\(nonce) hash /'
            \(edits)
            \(text)
            """
    }

    /// Files of the receipt whose content was never written by us: somebody has edited them since.
    private var edits: String {
        """
        [ ! -f $S/receipt.jsonl ] || echo "$h" | awk -F'"' 'NR == FNR { p = substr($0, 67); if (p != "") now[p] = substr($0, 1, 64); next }
        $8 in now && $12 != "" { known[$8] = 1; if ($12 == now[$8]) ours[$8] = 1 }
        END { for (p in known) if (!(p in ours)) print "\(nonce) edited " p }' - $S/receipt.jsonl
        """
    }

    private static func quote(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
