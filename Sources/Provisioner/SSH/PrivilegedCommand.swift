import ProvisionCore
import Templates

/// A command line as the login user must give it to act as root.
struct PrivilegedCommand {
    let line: String
    let gate: SudoGate?

    init(_ line: String, endpoint: SSHEndpoint) {
        let nonce = "provision-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        switch endpoint.privilege {
        case .direct:
            self.line = line
            gate = nil
        case .sudo:
            let gate = SudoGate(nonce: nonce, password: nil)
            self.line = "env LC_ALL=C sudo -n -- " + Self.shell("echo \(gate.start) >&2; \(line)")
            self.gate = gate
        case .sudoPassword(let password):
            let gate = SudoGate(nonce: nonce, password: password)
            let skip = "while IFS= read -r l && [ \"$l\" != \(gate.start) ]; do :; done"
            self.line =
                "env LC_ALL=C sudo -k -S -p \(gate.prompt) -- "
                + Self.shell("echo \(gate.start) >&2; \(skip); \(line)")
            self.gate = gate
        }
    }

    private static func shell(_ script: String) -> String { "/bin/sh -c \(ShellQuoting.quote(script))" }

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
