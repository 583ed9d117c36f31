import ArgumentParser
import Foundation
import ProvisionCore

/// Entry point.
@main
enum EntryPoint {
    static func main() async {
        if let problem = VerbGuess.problem(Array(CommandLine.arguments.dropFirst()), in: Provision.self) {
            FileHandle.standardError.write(Data((problem + "\n").utf8))
            exit(ExitStatus.usage.rawValue)
        }
        await Provision.main()
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
