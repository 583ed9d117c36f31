import ArgumentParser
import Foundation
import ProvisionCore

/// Entry point.
@main
enum EntryPoint {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        if let problem = VerbGuess.problem(words, in: Provision.self) { end(problem, ExitStatus.usage.rawValue) }
        do { try await run() } catch { end(error, words) }
    }

    private static func run() async throws {
        var command = try await Provision.asyncParseAsRoot()
        if var waiting = command as? any AsyncParsableCommand {
            try await waiting.run()
        } else {
            try command.run()
        }
    }

    /// Help and version go to standard output; a problem that was shown already has no words left.
    private static func end(_ error: any Error, _ words: [String]) -> Never {
        let status = Provision.exitCode(for: error)
        let message = Provision.message(for: error)
        guard !status.isSuccess, !message.isEmpty else { Provision.exit(withError: error) }
        if status == .validationFailure { end(ParserRefusal(message, words).text, status.rawValue) }
        end(message.hasPrefix("×") ? message : "× \(message)", status.rawValue)
    }

    private static func end(_ problem: String, _ status: Int32) -> Never {
        FileHandle.standardError.write(Data((problem + "\n").utf8))
        exit(status)
    }
}

/// One verb, one file under Verbs/.
struct Provision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provision",
        abstract: "Builds a highly available Kubernetes cluster the hard way, over SSH.",
        discussion: """
            EXAMPLES:
              provision init > inventory.yaml   # write a commented inventory
              provision check inventory.yaml   # can these hosts be a cluster? (read-only)
              provision plan inventory.yaml   # what would change, with diffs (read-only)
              provision apply inventory.yaml   # make it so; a second run changes nothing
              provision status inventory.yaml   # every component's own word
            """,
        version: Version.text,
        subcommands: [
            InitCommand.self, SchemaCommand.self, CheckCommand.self, PlanCommand.self, ApplyCommand.self,
            RunCommand.self, CISCommand.self,

            StatusCommand.self, SmokeTestCommand.self, TraceCommand.self, CertsCommand.self, KubeconfigCommand.self,
            ArtifactsCommand.self, LockCommand.self, EtcdCommand.self, BackupCommand.self, LabCommand.self,
            StopCommand.self, StartCommand.self, TeardownCommand.self, VersionCommand.self,
        ]
    )
}
