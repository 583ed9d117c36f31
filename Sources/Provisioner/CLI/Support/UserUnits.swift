import Foundation
import ProvisionCore
import Subprocess

/// systemd's units of this machine for root, of the person otherwise.
struct UserUnits {
    let directory: String
    /// With a space before it.
    let flag: String

    static var current: UserUnits {
        NSUserName() == "root"
            ? UserUnits(directory: "/etc/systemd/system", flag: "")
            : UserUnits(directory: Places.absolute("~/.config/systemd/user"), flag: " --user")
    }

    /// Calls systemctl.
    func control(_ words: [String]) async throws {
        let arguments = flag.split(separator: " ").map(String.init) + words
        let result = try await Subprocess.run(
            .name("systemctl"),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard case .exited(0) = result.terminationStatus else {
            let why = Sanitised.text(result.standardError, limit: 300)
            throw CommandFailure(
                "systemctl \(arguments.joined(separator: " ")): \(why)",
                remedy: "see systemctl\(flag) status; without systemd use cron with the command that is shown",
                status: .failed
            )
        }
    }
}
