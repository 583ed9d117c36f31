import Subprocess
import SystemPackage

/// A local program with its arguments, run to its end with output collected or followed line by line.
struct Command: Sendable {
    let program: String
    var arguments: [String] = []
    var directory: FilePath?
    /// Variables set on top of the inherited ones.
    var environment: [String: String] = [:]

    init(_ program: String, _ arguments: [String], in directory: FilePath? = nil, environment: [String: String] = [:]) {
        self.program = program
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
    }

    /// Standard output, at most 64 MiB; a non-zero end becomes an error with the last lines of standard error.
    func output() async throws -> String {
        do {
            let result = try await run(
                executable,
                arguments: Arguments(arguments),
                environment: childEnvironment,
                workingDirectory: directory,
                platformOptions: Self.options,
                output: .string(limit: 64 << 20),
                error: .string(limit: 16 << 20)
            )
            guard result.terminationStatus.isSuccess else {
                throw failure("\(result.terminationStatus)", lines: Self.tail(result.standardError))
            }
            return result.standardOutput
        } catch let error as SubprocessError {
            throw unusable(error)
        }
    }

    /// Runs with both streams merged, handing over each line as it comes.
    func follow(_ line: (String) -> Void) async throws {
        var last: [String] = []
        do {
            let result = try await run(
                executable,
                arguments: Arguments(arguments),
                environment: childEnvironment,
                workingDirectory: directory,
                platformOptions: Self.options,
                input: .none,
                output: .sequence,
                error: .combinedWithOutput
            ) { execution in
                for try await text in execution.standardOutput.strings() {
                    let text = text.trimmedNewlines
                    last = last.suffix(7) + [text]
                    line(text)
                }
            }
            guard result.terminationStatus.isSuccess else {
                throw failure("\(result.terminationStatus)", lines: last)
            }
        } catch let error as SubprocessError {
            throw unusable(error)
        }
    }

    /// Whether the program can be found in `PATH`.
    static func exists(_ program: String) async -> Bool {
        let result = try? await run(
            .name("sh"),
            arguments: ["-c", "command -v -- \"$0\"", program],
            output: .discarded
        )
        return result?.terminationStatus.isSuccess ?? false
    }

    /// A cancelled task asks its program to end; make and apt pass that on to their children.
    private static var options: PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        return options
    }

    private var executable: Executable {
        program.contains("/") ? .path(FilePath(program)) : .name(program)
    }

    private var childEnvironment: Environment {
        // One language for messages and one order for sorting, whatever the user's locale is.
        var updates: [Environment.Key: String?] = ["LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"]
        for (name, value) in environment { updates[Environment.Key(stringLiteral: name)] = value }
        return .inherit.updating(updates)
    }

    private var line: String { ([program] + arguments).joined(separator: " ") }

    private func failure(_ status: String, lines: [String]) -> ArtifactError {
        ArtifactError(
            .commandFailed,
            subject: program,
            attempted: "run \(line)",
            reason: "\(status): \(lines.joined(separator: "\n"))",
            remedy: "read the lines above; running the same command by hand shows the whole output"
        )
    }

    private func unusable(_ error: SubprocessError) -> ArtifactError {
        ArtifactError(
            .toolMissing,
            subject: program,
            attempted: "run \(line)",
            reason: "\(error)",
            remedy: "install the program or put it into PATH"
        )
    }

    private static func tail(_ text: String) -> [String] {
        text.split(separator: "\n").suffix(8).map(String.init)
    }
}

extension String {
    fileprivate var trimmedNewlines: String {
        var text = self[...]
        while let end = text.last, end.isNewline { text.removeLast() }
        return String(text)
    }
}
