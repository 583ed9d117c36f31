import ProvisionCore
import Templates

/// Gives `ssh` the passphrases of its keys: it asks this program instead of a terminal, once per key.
///
/// The phrases are in the environment of `ssh` alone, never in an argument or a file.
enum AskPass {
    private static let script = """
        #!/bin/sh
        case "$1" in
        *assphrase*) eval "printf '%s\\n' \\"\\$PROVISION_PASSPHRASE_$PROVISION_HOP\\"" ;;
        *) exit 1 ;;
        esac

        """

    /// Says which hop's passphrase is meant, as a word of env(1).
    static func hop(_ hop: Int) -> String { "PROVISION_HOP=\(hop)" }

    /// The environment for a program that opens the keys of one hop; empty where no hop has a passphrase.
    static func environment(_ hops: [SSHEndpoint], hop: Int, in directory: PrivateDirectory) throws -> [String: String]
    {
        guard hops.contains(where: { $0.passphrase != nil }) else { return [:] }
        let path = try directory.write(script, to: "askpass", mode: 0o700)
        var environment = [
            "SSH_ASKPASS": path, "SSH_ASKPASS_REQUIRE": "force", "PROVISION_HOP": String(hop),
        ]
        for (index, hop) in hops.enumerated() {
            environment["PROVISION_PASSPHRASE_\(index)"] = hop.passphrase?.reveal() ?? ""
        }
        return environment
    }
}
