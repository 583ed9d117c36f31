import ProvisionCore
import Templates

/// A command line as the login user must give it to act as root, and what sudo reads first.
struct PrivilegedCommand {
    let line: String
    let inputPrefix: [UInt8]

    init(_ line: String, privilege: SSHEndpoint.Privilege) {
        switch privilege {
        case .direct:
            self.line = line
            inputPrefix = []
        case .sudo:
            self.line = "sudo -n -- \(line)"
            inputPrefix = []
        case .sudoPassword(let password):
            self.line = "sudo -k -S -p '' -- \(line)"
            inputPrefix = Array(password.reveal().utf8) + [0x0A]
        }
    }

    /// sudo's own refusal, told from the command's words by the program's name.
    static func refusal(in result: CommandResult, endpoint: SSHEndpoint) -> TransportError? {
        guard endpoint.privilege != .direct, result.output.isEmpty, case .exited(1) = result.status,
            let line = result.errorText.split(separator: "\n").first(where: { $0.hasPrefix("sudo: ") })
        else { return nil }
        return TransportError(
            code: .authenticationFailed,
            host: endpoint.name,
            attempted: "become root by sudo",
            reason: String(line),
            remedy:
                "give the right password (ssh.sudo), or let the user run sudo without one: USER ALL=(ALL) NOPASSWD: ALL"
        )
    }
}
