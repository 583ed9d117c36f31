import ProvisionCore
import Templates

/// A command as the login user must give it to act as root: one line that every login shell reads alike.
///
/// The line starts /bin/sh. What cannot stand on such a line, since it has several lines or is long, is read by that shell from
/// standard input, before anything else that is sent there.
struct PrivilegedCommand {
    let line: String
    /// What comes first on standard input.
    let head: [UInt8]
    let gate: SudoGate?

    init(_ script: String, endpoint: SSHEndpoint) {
        let nonce = "provision-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let parts: (line: String, head: [UInt8])
        switch endpoint.privilege {
        case .direct:
            gate = nil
            parts =
                LoginShellQuoting.isPlain(command: script)
                ? ("exec \(script)", []) : Self.carried("exec /bin/sh -c ", "", script)
        case .sudo:
            let gate = SudoGate(nonce: nonce, password: nil)
            let sudo = "env LC_ALL=C sudo -n -- /bin/sh -c "
            parts = Self.carried(sudo, "echo \(gate.start) >&2; ", script)
            self.gate = gate
        case .sudoPassword(let password):
            let gate = SudoGate(nonce: nonce, password: password)
            let sudo = "env LC_ALL=C sudo -k -S -p \(gate.prompt) -- /bin/sh -c "
            let skip = "l=; until [ \"$l\" = \(gate.start) ]; do IFS= read -r l || break; done"
            parts = Self.carried(sudo, "echo \(gate.start) >&2; \(skip); ", script)
            self.gate = gate
        }
        line = parts.line
        head = parts.head
    }

    /// A script within its command line where it can stand there, else what reads it, and the script.
    ///
    /// One that was cut off on its way has no closing brace, so that nothing of it is run. dd(1) never reads further than it
    /// is told, which shells and head(1) do.
    private static func carried(_ start: String, _ before: String, _ script: String) -> (line: String, head: [UInt8]) {
        if let word = LoginShellQuoting.quote(before + script) { return (start + word, []) }
        let head = Array("{\n\(script)\n}".utf8)
        let reader = "\(before)s=$(dd bs=\(head.count) count=1 iflag=fullblock status=none); eval \"$s\""
        return (start + (LoginShellQuoting.quote(reader) ?? ShellQuoting.quote(reader)), head)
    }

    /// Why root was not reached, in sudo's words, with the line for sudoers that would help.
    static func refusal(_ gate: SudoGate, endpoint: SSHEndpoint) -> TransportError {
        let user = endpoint.user ?? "USER"
        let isPassword = if case .sudoPassword = endpoint.privilege { true } else { false }
        let words = gate.words
        let line = words.contains("tty") ? "Defaults:\(user) !requiretty" : "\(user) ALL=(ALL:ALL) NOPASSWD: ALL"
        return TransportError(
            code: .authenticationFailed,
            host: endpoint.name,
            attempted: "become root by sudo as \(user)",
            reason: words.isEmpty ? "sudo ended without a word" : words,
            remedy: (isPassword ? "give the right password (ssh.sudo), or " : "give a password (ssh.sudo), or ")
                + "add this line to /etc/sudoers.d/\(user) on the host: \(line)"
        )
    }
}
