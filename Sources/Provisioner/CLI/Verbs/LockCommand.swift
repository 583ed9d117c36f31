import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision lock`: who holds the hosts, and giving back what nobody holds any more.
struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Show or release the locks of a cluster's hosts.",
        discussion: """
            EXAMPLES:
              provision lock status inventory.yaml
              provision lock release --run 20261124T163000Z-n1abc inventory.yaml
            """,
        subcommands: [Status.self, Release.self]
    )

    struct Options: ParsableArguments {
        @OptionGroup var inventory: InventoryOptions
        @OptionGroup var output: OutputOptions

        /// Calls the body with every host that is reached, until it is interrupted between two of them.
        func eachHost(
            _ verb: String,
            _ console: Console,
            _ body: (HostSpec, HostSession) async throws -> Void
        ) async throws {
            let loaded = try LoadedInventory(inventory.inventory, console: console)
            try await LabGuard.check(loaded.spec, Places())
            let context = RunContext(verb: verb, inventory: loaded, console: console)
            let connector = HostConnector(loaded.spec, inventory, console, context: context)
            var unreached = 0
            for host in loaded.spec.hosts {
                guard !context.isInterrupted else { throw ExitStatus.interrupted.code }
                do {
                    let session = HostSession(host: host.name, transport: try await connector.open(host))
                    try await body(host, session)
                    await session.close()
                } catch let error as TransportError {
                    console.problem("× \(host.name): \(error.summary)")
                    unreached += 1
                }
            }
            if unreached > 0 { throw ExitStatus.failed.code }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who holds which host, since when, for what.",
            discussion: "EXAMPLES:\n  provision lock status inventory.yaml"
        )
        @OptionGroup var options: Options
        func run() async throws {
            let console = options.output.console
            try await reporting(console) {
                try await options.eachHost("lock-status", console) { host, session in
                    let word: String
                    switch try await HostLock().holder(on: session) {
                    case .held(let owner?): word = "held by \(owner)"
                    case .held(nil): word = "held, without a name"
                    case .acquired, nil: word = "free"
                    }
                    console.result("\(host.name.padding(to: 14))  \(word)")
                }
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the locks of one run; first see that it does not run any more.",
            discussion: "EXAMPLES:\n  provision lock release --run 20261124T163000Z-n1abc inventory.yaml"
        )
        @OptionGroup var options: Options
        @Option(help: "The run's id, as lock status prints it.") var run: String
        func run() async throws {
            let run = self.run
            let console = options.output.console
            try await reporting(console) {
                try await options.eachHost("lock-release", console) { host, session in
                    if try await HostLock().release(run: run, on: session) {
                        console.result("\(host.name): released")
                    }
                }
            }
        }
    }
}
