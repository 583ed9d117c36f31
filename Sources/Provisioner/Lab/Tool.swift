import Subprocess
import SystemPackage

/// Programs of this machine, called with argument lists and a deadline.
enum Tool {
    struct Output {
        var status: Int32
        var text: String
        var errors: String
    }

    /// Runs to the end; a failing program is a result.
    static func output(_ name: String, _ arguments: [String], seconds: Int = 60) async throws -> Output {
        let result = try await Subprocess.run(
            .name("timeout"),
            arguments: Arguments(["--kill-after=5", String(seconds), name] + arguments),
            environment: .inherit.updating(["LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"]),
            output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20)
        )
        var status: Int32 = -1
        if case .exited(let code) = result.terminationStatus { status = Int32(code) }
        return Output(status: status, text: result.standardOutput, errors: result.standardError)
    }

    /// Runs to the end; a failing program is an error with its last words.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], seconds: Int = 60) async throws -> String {
        let output = try await output(name, arguments, seconds: seconds)
        guard output.status == 0 else {
            throw LabError(
                .commandFailed,
                subject: name,
                attempted: "run " + ([name] + arguments).joined(separator: " "),
                reason: "status \(output.status): \(output.errors.suffix(600))",
                remedy: output.status == 124
                    ? "it took longer than \(seconds) s; look at the machine's load"
                    : "mend what it says, then run again"
            )
        }
        return output.text
    }

    static func exists(_ name: String) async -> Bool {
        let found = try? await output("sh", ["-c", "command -v \"$0\" > /dev/null", name])
        return found?.status == 0
    }
}
