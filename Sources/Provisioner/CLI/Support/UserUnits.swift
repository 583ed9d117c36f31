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
        guard let why = try await Self.failure("systemctl", arguments) else { return }
        throw CommandFailure(
            "systemctl \(arguments.joined(separator: " ")): \(why)",
            remedy: "see systemctl\(flag) status; without systemd use cron with the command that is shown",
            status: .failed
        )
    }

    /// A time that systemd does not understand would leave units that never run.
    func judge(_ schedule: String) async throws {
        guard let why = try await Self.failure("systemd-analyze", ["calendar", schedule]) else { return }
        throw CommandFailure(
            "--schedule \(schedule): \(why)",
            remedy: "for example daily, or '*-*-* 02:30'; see systemd.time(7)",
            status: .usage
        )
    }

    private static func failure(_ program: String, _ arguments: [String]) async throws -> String? {
        let result = try await Subprocess.run(
            .name(program),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        if case .exited(0) = result.terminationStatus { return nil }
        return Sanitised.text(result.standardError, limit: 300)
    }
}
