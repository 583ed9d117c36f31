import ArgumentParser
import ProvisionCore

/// `provision etcd status`: each member's own word, and how many may fail.
struct EtcdStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask every member how it is; read-only.",
        discussion: """
            EXAMPLES:
              provision etcd status inventory.yaml
              provision etcd status -o json inventory.yaml

            Exit status: 0 all members healthy, 6 something is not well, 1 a host was not reached.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("etcd-status", options, console)
            let overview = await EtcdSurvey.take(access)
            let view = EtcdView(overview: overview)
            if format.isJSON { console.result(view.json()) } else { view.lines(console).forEach(console.result) }
            if overview.members.contains(where: { $0.failure != nil }) { throw ExitStatus.failed.code }
            if !overview.isWell { throw ExitStatus.gateFailed.code }
        }
    }
}
